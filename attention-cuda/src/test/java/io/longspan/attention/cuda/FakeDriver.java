package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;

/**
 * A CUDA driver written in Java and called through real native function pointers: no GPU, no C
 * compiler.
 */
final class FakeDriver {
    private final Arena arena;
    private final Map<String, MemorySegment> symbols = new HashMap<>();
    private final MemorySegment noDeviceText;
    int initStatus;
    int countStatus;
    int devices = 2;

    FakeDriver(Arena arena) throws ReflectiveOperationException {
        this.arena = arena;
        noDeviceText = arena.allocateFrom("CUDA_ERROR_NO_DEVICE");
        export("cuInit", "init", JAVA_INT);
        export("cuDriverGetVersion", "version", ADDRESS);
        export("cuDeviceGetCount", "count", ADDRESS);
        export("cuDeviceGet", "device", ADDRESS, JAVA_INT);
        export("cuDeviceGetName", "name", ADDRESS, JAVA_INT, JAVA_INT);
        export("cuDeviceGetAttribute", "attribute", ADDRESS, JAVA_INT, JAVA_INT);
        export("cuGetErrorName", "errorName", JAVA_INT, ADDRESS);
    }

    SymbolLookup lookup() {
        return SymbolLookup.loaderLookup()
                .or(name -> java.util.Optional.ofNullable(symbols.get(name)));
    }

    void remove(String name) {
        symbols.remove(name);
    }

    int init(int flags) {
        return initStatus;
    }

    int version(MemorySegment out) {
        out.reinterpret(4).set(JAVA_INT, 0, 12080);
        return 0;
    }

    int count(MemorySegment out) {
        out.reinterpret(4).set(JAVA_INT, 0, devices);
        return countStatus;
    }

    int device(MemorySegment out, int ordinal) {
        out.reinterpret(4).set(JAVA_INT, 0, 70 + ordinal);
        return 0;
    }

    int name(MemorySegment out, int length, int device) {
        out.reinterpret(length).setString(0, "Test GPU " + device);
        return 0;
    }

    int attribute(MemorySegment out, int attribute, int device) {
        out.reinterpret(4).set(JAVA_INT, 0, attribute == 75 ? 9 : 0);
        return 0;
    }

    int errorName(int error, MemorySegment out) {
        if (error != 100) {
            return 1;
        }
        out.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, noDeviceText);
        return 0;
    }

    private void export(String symbol, String method, java.lang.foreign.MemoryLayout... arguments)
            throws ReflectiveOperationException {
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, arguments);
        MethodType signature = type.toMethodType();
        symbols.put(
                symbol,
                Linker.nativeLinker()
                        .upcallStub(
                                MethodHandles.lookup()
                                        .findVirtual(FakeDriver.class, method, signature)
                                        .bindTo(this),
                                type,
                                arena));
    }
}
