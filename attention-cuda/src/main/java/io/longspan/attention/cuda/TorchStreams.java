package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The stream that libtorch uses in the calling thread, asked of libtorch's own C interface ({@code
 * aoti_torch_get_current_cuda_stream}) where this process has loaded it. Nothing is loaded for it.
 * Without libtorch, and on systems other than Linux, it is the null stream.
 *
 * <p>One thread at a time.
 */
final class TorchStreams implements AutoCloseable {
    static final String LIBRARY = "libtorch_cuda.so";
    static final String FUNCTION = "aoti_torch_get_current_cuda_stream";

    /** RTLD_LAZY and RTLD_NOLOAD: only what is there already. */
    private static final int LAZY_IF_LOADED = 1 | 4;

    private final boolean linux = System.getProperty("os.name").equals("Linux");
    private @Nullable MemorySegment library;
    private @Nullable MethodHandle current;

    /** Handle of the stream for a device, 0 for the null stream. */
    long current(int ordinal) {
        MethodHandle function = function();
        if (function == null) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            int status = (int) function.invokeExact(ordinal, out);
            if (status != 0) {
                throw new IllegalStateException(
                        "libtorch answered " + FUNCTION + "(" + ordinal + ") with " + status);
            }
            return out.get(ADDRESS, 0).address();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw threw(FUNCTION, e);
        }
    }

    /** Libtorch may come later, so an absence is not remembered. */
    private @Nullable MethodHandle function() {
        if (current == null && linux) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup system = linker.defaultLookup();
            MemorySegment found = open(linker, system);
            if (found.address() != 0) {
                MemorySegment symbol = symbol(linker, system, found);
                if (symbol.address() == 0) {
                    release(found);
                    throw new IllegalStateException(
                            "the loaded "
                                    + LIBRARY
                                    + " lacks "
                                    + FUNCTION
                                    + "; use libtorch 2.7 or later, or tensors in host memory");
                }
                library = found;
                current =
                        linker.downcallHandle(
                                symbol, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
            }
        }
        return current;
    }

    private static MemorySegment open(Linker linker, SymbolLookup system) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment)
                    linker.downcallHandle(
                                    system.findOrThrow("dlopen"),
                                    FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT))
                            .invokeExact(arena.allocateFrom(LIBRARY), LAZY_IF_LOADED);
        } catch (Throwable e) {
            throw threw("dlopen", e);
        }
    }

    private static MemorySegment symbol(Linker linker, SymbolLookup system, MemorySegment library) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment)
                    linker.downcallHandle(
                                    system.findOrThrow("dlsym"),
                                    FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS))
                            .invokeExact(library, arena.allocateFrom(FUNCTION));
        } catch (Throwable e) {
            throw threw("dlsym", e);
        }
    }

    /** Lets go of the library; it stays loaded for whoever loaded it. */
    @Override
    public void close() {
        MemorySegment held = library;
        library = null;
        current = null;
        if (held != null) {
            release(held);
        }
    }

    private static void release(MemorySegment held) {
        Linker linker = Linker.nativeLinker();
        int status;
        try {
            status =
                    (int)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("dlclose"),
                                            FunctionDescriptor.of(JAVA_INT, ADDRESS))
                                    .invokeExact(held);
        } catch (Throwable e) {
            throw threw("dlclose", e);
        }
        if (status != 0) {
            throw new IllegalStateException("dlclose of " + LIBRARY + " gave " + status);
        }
    }

    private static IllegalStateException threw(String function, Throwable cause) {
        // invokeExact declares Throwable; a C function throws nothing.
        return new IllegalStateException(function + " cannot be called", cause);
    }
}
