package io.longspan.model.encoder;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Bytes that native code of this process holds, as glibc counts them: also of tensors that only the
 * engine's graph still knows, which DJL's managers do not see.
 */
final class NativeBytes {
    private static final int FIELDS = 10;
    private static final int MAPPED = 4;
    private static final int USED = 7;
    private static final MemoryLayout INFO =
            MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG).withName("fields"));

    private final MethodHandle mallinfo;

    private NativeBytes(MethodHandle mallinfo) {
        this.mallinfo = mallinfo;
    }

    /** None where the C library has no {@code mallinfo2}: it is glibc's, from 2.33 on. */
    static Optional<NativeBytes> find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("mallinfo2")
                .map(symbol ->
                        new NativeBytes(
                                linker.downcallHandle(symbol, FunctionDescriptor.of(INFO))));
    }

    long held() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
                    + info.getAtIndex(ValueLayout.JAVA_LONG, USED);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 threw", e);
        }
    }
}
