package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The driver functions that run kernels, by their exported names; the probe's are {@link
 * DriverCalls}. All return a CUresult. Device pointers are longs, as CUdeviceptr is a 64-bit
 * number.
 *
 * @param retain {@code cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)}
 * @param release {@code cuDevicePrimaryCtxRelease_v2(CUdevice device)}
 * @param push {@code cuCtxPushCurrent_v2(CUcontext context)}
 * @param pop {@code cuCtxPopCurrent_v2(CUcontext *context)}
 * @param load {@code cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned options,
 *     CUjit_option *names, void **values)}
 * @param unload {@code cuModuleUnload(CUmodule module)}
 * @param function {@code cuModuleGetFunction(CUfunction *function, CUmodule module, const char
 *     *name)}
 * @param functionAttribute {@code cuFuncSetAttribute(CUfunction function, int attribute, int
 *     value)}
 * @param allocate {@code cuMemAlloc_v2(CUdeviceptr *pointer, size_t bytes)}
 * @param free {@code cuMemFree_v2(CUdeviceptr pointer)}
 * @param memory {@code cuMemGetInfo_v2(size_t *free, size_t *total)}
 * @param toDevice {@code cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes)}
 * @param toHost {@code cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes)}
 * @param synchronize {@code cuStreamSynchronize(CUstream stream)}
 * @param synchronizeAll {@code cuCtxSynchronize()}
 * @param createEvent {@code cuEventCreate(CUevent *event, unsigned flags)}
 * @param destroyEvent {@code cuEventDestroy_v2(CUevent event)}
 * @param recordEvent {@code cuEventRecord(CUevent event, CUstream stream)}
 * @param waitForEvent {@code cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags)}
 * @param launch {@code cuLaunchKernel(CUfunction function, unsigned gridX, gridY, gridZ, threadsX,
 *     threadsY, threadsZ, sharedBytes, CUstream stream, void **parameters, void **extra)}
 */
record RunCalls(
        MethodHandle retain,
        MethodHandle release,
        MethodHandle push,
        MethodHandle pop,
        MethodHandle load,
        MethodHandle unload,
        MethodHandle function,
        MethodHandle functionAttribute,
        MethodHandle allocate,
        MethodHandle free,
        MethodHandle memory,
        MethodHandle toDevice,
        MethodHandle toHost,
        MethodHandle synchronize,
        MethodHandle synchronizeAll,
        MethodHandle createEvent,
        MethodHandle destroyEvent,
        MethodHandle recordEvent,
        MethodHandle waitForEvent,
        MethodHandle launch) {

    /**
     * Binds every function.
     *
     * @throws DriverCalls.MissingSymbol when the library lacks one
     */
    static RunCalls bind(SymbolLookup library) throws DriverCalls.MissingSymbol {
        return new RunCalls(
                handle(library, "cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT),
                handle(library, "cuDevicePrimaryCtxRelease_v2", JAVA_INT),
                handle(library, "cuCtxPushCurrent_v2", ADDRESS),
                handle(library, "cuCtxPopCurrent_v2", ADDRESS),
                handle(library, "cuModuleLoadDataEx", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS),
                handle(library, "cuModuleUnload", ADDRESS),
                handle(library, "cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS),
                handle(library, "cuFuncSetAttribute", ADDRESS, JAVA_INT, JAVA_INT),
                handle(library, "cuMemAlloc_v2", ADDRESS, JAVA_LONG),
                handle(library, "cuMemFree_v2", JAVA_LONG),
                handle(library, "cuMemGetInfo_v2", ADDRESS, ADDRESS),
                handle(library, "cuMemcpyHtoD_v2", JAVA_LONG, ADDRESS, JAVA_LONG),
                handle(library, "cuMemcpyDtoH_v2", ADDRESS, JAVA_LONG, JAVA_LONG),
                handle(library, "cuStreamSynchronize", ADDRESS),
                handle(library, "cuCtxSynchronize"),
                handle(library, "cuEventCreate", ADDRESS, JAVA_INT),
                handle(library, "cuEventDestroy_v2", ADDRESS),
                handle(library, "cuEventRecord", ADDRESS, ADDRESS),
                handle(library, "cuStreamWaitEvent", ADDRESS, ADDRESS, JAVA_INT),
                handle(
                        library,
                        "cuLaunchKernel",
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS));
    }

    private static MethodHandle handle(SymbolLookup library, String name, MemoryLayout... arguments)
            throws DriverCalls.MissingSymbol {
        return DriverCalls.handle(library, name, FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
