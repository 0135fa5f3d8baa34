package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.longspan.attention.AttentionConfigurationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** The driver with every answer checked: what is not success is a {@link CudaException}. */
final class Driver {
    private static final int NAME_BYTES = 256;
    private static final int SHARED_BYTES = 8;

    /** CU_JIT_ERROR_LOG_BUFFER and the size of the buffer. */
    private static final int ERROR_LOG = 5;

    private static final int ERROR_LOG_BYTES = 6;
    private static final int LOG_BYTES = 4096;

    /** CU_EVENT_DISABLE_TIMING. */
    private static final int WITHOUT_TIME = 2;

    private final DriverCalls questions;
    private final RunCalls calls;

    private Driver(DriverCalls questions, RunCalls calls) {
        this.questions = questions;
        this.calls = calls;
    }

    /**
     * Binds a driver library that lives as long as the arena.
     *
     * @throws AttentionConfigurationException when it is not there or lacks a function
     */
    static Driver load(String library, Arena arena) {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
            return new Driver(DriverCalls.bind(symbols), RunCalls.bind(symbols));
        } catch (DriverCalls.MissingSymbol e) {
            throw new AttentionConfigurationException(
                    "attention backend 'cuda' cannot be made: the library "
                            + library
                            + " lacks the driver function "
                            + e.getMessage()
                            + "; install a newer NVIDIA driver");
        } catch (IllegalArgumentException e) {
            throw new AttentionConfigurationException(
                    "attention backend 'cuda' cannot be made: the NVIDIA driver library "
                            + library
                            + " is not on this machine; install the driver, or use another"
                            + " backend");
        }
    }

    void init() {
        check("cuInit(0)", () -> (int) questions.init().invokeExact(0));
    }

    /** Handle of a device by its number. */
    int device(int ordinal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            check(
                    "cuDeviceGet(" + ordinal + ")",
                    () -> (int) questions.device().invokeExact(out, ordinal));
            return out.get(JAVA_INT, 0);
        }
    }

    /** Newest CUDA version that the driver runs: 1000 * major + 10 * minor. */
    int version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            check("cuDriverGetVersion", () -> (int) questions.driverVersion().invokeExact(out));
            return out.get(JAVA_INT, 0);
        }
    }

    int attribute(int device, int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            check(
                    "cuDeviceGetAttribute(" + attribute + ")",
                    () -> (int) questions.deviceAttribute().invokeExact(out, attribute, device));
            return out.get(JAVA_INT, 0);
        }
    }

    /** The context that the CUDA runtime, and so libtorch, uses on the device. */
    MemorySegment retain(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            check("cuDevicePrimaryCtxRetain", () -> (int) calls.retain().invokeExact(out, device));
            return out.get(ADDRESS, 0);
        }
    }

    void release(int device) {
        check("cuDevicePrimaryCtxRelease", () -> (int) calls.release().invokeExact(device));
    }

    void push(MemorySegment context) {
        check("cuCtxPushCurrent", () -> (int) calls.push().invokeExact(context));
    }

    void pop() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            check("cuCtxPopCurrent", () -> (int) calls.pop().invokeExact(out));
        }
    }

    /**
     * Loads an image: a cubin, or PTX text with a zero byte at its end, which the driver compiles;
     * what its compiler has to say about the text is part of the error.
     */
    MemorySegment load(String name, MemorySegment image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment names = arena.allocateFrom(JAVA_INT, ERROR_LOG, ERROR_LOG_BYTES);
            MemorySegment values = arena.allocate(ADDRESS, 2);
            values.setAtIndex(ADDRESS, 0, log);
            // The driver takes the number itself where a pointer would be.
            values.setAtIndex(ADDRESS, 1, MemorySegment.ofAddress(LOG_BYTES));
            try {
                check(
                        "cuModuleLoadDataEx of image '" + name + "'",
                        () -> (int) calls.load().invokeExact(out, image, 2, names, values));
            } catch (CudaException e) {
                String words = log.getString(0).strip();
                throw words.isEmpty()
                        ? e
                        : new CudaException(e.status(), e.getMessage() + ": " + words);
            }
            return out.get(ADDRESS, 0);
        }
    }

    void unload(MemorySegment module) {
        check("cuModuleUnload", () -> (int) calls.unload().invokeExact(module));
    }

    MemorySegment function(MemorySegment module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment text = arena.allocateFrom(name);
            check(
                    "cuModuleGetFunction('" + name + "')",
                    () -> (int) calls.function().invokeExact(out, module, text));
            return out.get(ADDRESS, 0);
        }
    }

    /** Allows a kernel more shared memory per block than every device has. */
    void allowShared(MemorySegment function, String name, int bytes) {
        check(
                "cuFuncSetAttribute of kernel '" + name + "' to " + bytes + " bytes",
                () -> (int) calls.functionAttribute().invokeExact(function, SHARED_BYTES, bytes));
    }

    long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            check(
                    "cuMemAlloc of " + bytes + " bytes",
                    () -> (int) calls.allocate().invokeExact(out, bytes));
            return out.get(JAVA_LONG, 0);
        }
    }

    void free(long pointer) {
        check("cuMemFree", () -> (int) calls.free().invokeExact(pointer));
    }

    /** Free and total bytes of the device, in words. */
    String memory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG, 2);
            MemorySegment total = out.asSlice(JAVA_LONG.byteSize());
            check("cuMemGetInfo", () -> (int) calls.memory().invokeExact(out, total));
            return out.get(JAVA_LONG, 0) + " of " + total.get(JAVA_LONG, 0) + " bytes are free";
        }
    }

    void toDevice(long to, MemorySegment from) {
        long bytes = from.byteSize();
        check(
                "cuMemcpyHtoD of " + bytes + " bytes",
                () -> (int) calls.toDevice().invokeExact(to, from, bytes));
    }

    void toHost(MemorySegment to, long from) {
        long bytes = to.byteSize();
        check(
                "cuMemcpyDtoH of " + bytes + " bytes",
                () -> (int) calls.toHost().invokeExact(to, from, bytes));
    }

    void synchronize(long stream, String after) {
        check(
                "cuStreamSynchronize after " + after,
                () -> (int) calls.synchronize().invokeExact(MemorySegment.ofAddress(stream)));
    }

    /** Waits for every stream of the current context. */
    void synchronizeAll() {
        check("cuCtxSynchronize", () -> (int) calls.synchronizeAll().invokeExact());
    }

    /** An event that only orders streams. */
    MemorySegment event() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            check("cuEventCreate", () -> (int) calls.createEvent().invokeExact(out, WITHOUT_TIME));
            return out.get(ADDRESS, 0);
        }
    }

    void destroy(MemorySegment event) {
        check("cuEventDestroy", () -> (int) calls.destroyEvent().invokeExact(event));
    }

    /** Lets a stream wait for all that another one has been given so far; returns at once. */
    void follow(long stream, long other, MemorySegment event) {
        check(
                "cuEventRecord",
                () -> (int) calls.recordEvent().invokeExact(event, MemorySegment.ofAddress(other)));
        check(
                "cuStreamWaitEvent",
                () ->
                        (int)
                                calls.waitForEvent()
                                        .invokeExact(MemorySegment.ofAddress(stream), event, 0));
    }

    void launch(MemorySegment function, Launch launch, MemorySegment parameters, long stream) {
        check(
                "cuLaunchKernel of " + launch,
                () ->
                        (int)
                                calls.launch()
                                        .invokeExact(
                                                function,
                                                launch.grid(),
                                                1,
                                                1,
                                                launch.threads(),
                                                1,
                                                1,
                                                launch.sharedBytes(),
                                                MemorySegment.ofAddress(stream),
                                                parameters,
                                                MemorySegment.NULL));
    }

    private void check(String what, Call call) {
        int status = invoke(call);
        if (status != 0) {
            throw new CudaException(
                    status,
                    "the CUDA driver answered " + what + " with " + status + " " + name(status));
        }
    }

    private String name(int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            boolean known = invoke(() -> (int) questions.errorName().invokeExact(status, out)) == 0;
            return known
                    ? "(" + out.get(ADDRESS, 0).reinterpret(NAME_BYTES).getString(0) + ")"
                    : "(an error without a name)";
        }
    }

    private static int invoke(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            // MethodHandle.invokeExact declares Throwable; a C function throws nothing.
            throw new IllegalStateException("a driver call threw", e);
        }
    }

    /** One downcall. */
    private interface Call {
        int run() throws Throwable;
    }
}
