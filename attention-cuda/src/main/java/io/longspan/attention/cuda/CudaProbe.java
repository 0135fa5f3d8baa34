package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.longspan.attention.Availability.Unavailable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the CUDA driver what there is, one call after the other, and stops at the first obstacle. It
 * needs no toolkit and creates no context.
 */
final class CudaProbe {
    private static final int SUCCESS = 0;
    private static final int NAME_BYTES = 256;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private CudaProbe() {}

    /** What the driver said. */
    sealed interface Finding {
        /**
         * There is a driver and at least one device.
         *
         * @param driverVersion newest CUDA version the driver runs: 1000 * major + 10 * minor
         * @param devices in the driver's order
         */
        record Devices(int driverVersion, List<FoundDevice> devices) implements Finding {
            public Devices {
                devices = List.copyOf(devices);
            }
        }

        /**
         * A device.
         *
         * @param name or its number where the driver does not say
         * @param capability compute capability, 86 for 8.6; 0 where the driver does not say
         */
        record FoundDevice(String name, int capability) {
            @Override
            public String toString() {
                return name + ", compute capability " + dotted(capability);
            }
        }

        /** The first obstacle. */
        record Obstacle(String reason, String hint) implements Finding {}
    }

    /** Probes the driver library of this operating system. */
    static Finding probe(String library) {
        try (Arena arena = Arena.ofConfined()) {
            return probe(SymbolLookup.libraryLookup(library, arena), library);
        } catch (IllegalArgumentException e) {
            return new Finding.Obstacle(
                    "the NVIDIA driver library " + library + " is not on this machine",
                    "install the NVIDIA driver, or use another backend");
        }
    }

    static Finding probe(SymbolLookup library, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return ask(DriverCalls.bind(library), arena);
        } catch (DriverCalls.MissingSymbol e) {
            return new Finding.Obstacle(
                    "the library " + name + " lacks the driver function " + e.getMessage(),
                    "install the NVIDIA driver for this system; a stub of the toolkit is not enough");
        }
    }

    private static Finding ask(DriverCalls calls, Arena arena) {
        MemorySegment number = arena.allocate(JAVA_INT);
        int status = invoke(() -> (int) calls.init().invokeExact(0));
        if (status != SUCCESS) {
            return refused(
                    calls,
                    arena,
                    "cuInit(0)",
                    status,
                    "check the GPU with nvidia-smi, or use another backend");
        }
        status = invoke(() -> (int) calls.driverVersion().invokeExact(number));
        if (status != SUCCESS) {
            return refused(
                    calls, arena, "cuDriverGetVersion", status, "reinstall the NVIDIA driver");
        }
        int version = number.get(JAVA_INT, 0);
        status = invoke(() -> (int) calls.deviceCount().invokeExact(number));
        int count = number.get(JAVA_INT, 0);
        if (status != SUCCESS) {
            return refused(
                    calls, arena, "cuDeviceGetCount", status, "check the GPU with nvidia-smi");
        }
        if (count == 0) {
            return new Finding.Obstacle(
                    "the driver sees no GPU",
                    "check the GPU with nvidia-smi and CUDA_VISIBLE_DEVICES");
        }
        List<Finding.FoundDevice> devices = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            devices.add(describe(calls, arena, ordinal));
        }
        return new Finding.Devices(version, devices);
    }

    /** A number such as 86 with a point before its last digit. */
    static String dotted(int tenfold) {
        return tenfold / 10 + "." + tenfold % 10;
    }

    private static Finding.FoundDevice describe(DriverCalls calls, Arena arena, int ordinal) {
        MemorySegment number = arena.allocate(JAVA_INT);
        MemorySegment name = arena.allocate(NAME_BYTES);
        if (invoke(() -> (int) calls.device().invokeExact(number, ordinal)) != SUCCESS) {
            return new Finding.FoundDevice("device " + ordinal + " (cannot be opened)", 0);
        }
        int device = number.get(JAVA_INT, 0);
        boolean named =
                invoke(() -> (int) calls.deviceName().invokeExact(name, NAME_BYTES, device))
                        == SUCCESS;
        return new Finding.FoundDevice(
                named ? name.getString(0) : "device " + ordinal,
                10 * attribute(calls, number, CAPABILITY_MAJOR, device)
                        + attribute(calls, number, CAPABILITY_MINOR, device));
    }

    private static int attribute(
            DriverCalls calls, MemorySegment number, int attribute, int device) {
        int status =
                invoke(() -> (int) calls.deviceAttribute().invokeExact(number, attribute, device));
        return status == SUCCESS ? number.get(JAVA_INT, 0) : 0;
    }

    private static Finding refused(
            DriverCalls calls, Arena arena, String call, int status, String hint) {
        MemorySegment name = arena.allocate(ADDRESS);
        boolean known = invoke(() -> (int) calls.errorName().invokeExact(status, name)) == SUCCESS;
        String word =
                known
                        ? name.get(ADDRESS, 0).reinterpret(NAME_BYTES).getString(0)
                        : "an error without a name";
        return new Finding.Obstacle(
                "the driver answered " + call + " with " + status + " (" + word + ")", hint);
    }

    private static int invoke(DriverCall call) {
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
    private interface DriverCall {
        int run() throws Throwable;
    }

    /** The obstacle as an availability. */
    static Unavailable unavailable(Finding.Obstacle obstacle) {
        return new Unavailable(obstacle.reason(), obstacle.hint());
    }
}
