package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The driver functions that the probe calls, by their exported names. All return a CUresult, 0 for
 * success.
 *
 * @param init {@code cuInit(unsigned flags)}
 * @param driverVersion {@code cuDriverGetVersion(int *version)}: 1000 * major + 10 * minor of the
 *     newest CUDA it runs
 * @param deviceCount {@code cuDeviceGetCount(int *count)}
 * @param device {@code cuDeviceGet(CUdevice *device, int ordinal)}
 * @param deviceName {@code cuDeviceGetName(char *name, int length, CUdevice device)}
 * @param deviceAttribute {@code cuDeviceGetAttribute(int *value, int attribute, CUdevice device)}
 * @param errorName {@code cuGetErrorName(CUresult error, const char **name)}
 */
record DriverCalls(
        MethodHandle init,
        MethodHandle driverVersion,
        MethodHandle deviceCount,
        MethodHandle device,
        MethodHandle deviceName,
        MethodHandle deviceAttribute,
        MethodHandle errorName) {

    /**
     * Binds every function.
     *
     * @throws MissingSymbol when the library lacks one
     */
    static DriverCalls bind(SymbolLookup library) throws MissingSymbol {
        return new DriverCalls(
                handle(library, "cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                handle(library, "cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
                handle(library, "cuDeviceGetCount", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
                handle(library, "cuDeviceGet", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                handle(
                        library,
                        "cuDeviceGetName",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)),
                handle(
                        library,
                        "cuDeviceGetAttribute",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)),
                handle(
                        library,
                        "cuGetErrorName",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)));
    }

    static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor type)
            throws MissingSymbol {
        MemorySegment symbol = library.find(name).orElseThrow(() -> new MissingSymbol(name));
        return Linker.nativeLinker().downcallHandle(symbol, type);
    }

    /** A library that calls itself the driver lacks one of its functions. */
    static final class MissingSymbol extends Exception {
        private static final long serialVersionUID = 1;

        MissingSymbol(String name) {
            super(name);
        }
    }
}
