package io.longspan.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How far the resident memory of this process rises above its level while something runs. */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";
    private static final long KILOBYTE = 1024;

    private PeakMemory() {}

    /** Bytes, the least of some runs; -1 where the system does not say. */
    static long during(Runnable work, int runs) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
            try {
                giveBack();
                Files.writeString(RESET, RESET_PEAK);
                long before = kilobytes("VmRSS:");
                work.run();
                least = Math.min(least, kilobytes("VmHWM:") - before);
            } catch (IOException | UnsupportedOperationException e) {
                return -1;
            }
        }
        return Math.max(0, least) * KILOBYTE;
    }

    /** Forgets the most that this process held, where the system lets it. */
    public static void resetMost() {
        // The garbage of what ran before is not what is measured, and a full collection lets it go.
        System.gc();
        giveBack();
        try {
            Files.writeString(RESET, RESET_PEAK);
        } catch (IOException | UnsupportedOperationException elsewhere) {
            // The peak since the start of the process is then what most() says.
        }
    }

    /** Bytes that this process held at most since {@link #resetMost}; -1 where unknown. */
    public static long most() {
        try {
            return kilobytes("VmHWM:") * KILOBYTE;
        } catch (IOException elsewhere) {
            return -1;
        }
    }

    /** What the C library holds for later would hide the growth. Does nothing where it cannot. */
    private static void giveBack() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> trim = linker.defaultLookup().find("malloc_trim");
        if (trim.isEmpty()) {
            return;
        }
        try {
            int released =
                    (int)
                            linker.downcallHandle(
                                            trim.get(),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                                    .invokeExact(0L);
            assert released >= 0;
        } catch (Throwable failed) {
            throw new IllegalStateException("malloc_trim failed", failed);
        }
    }

    /** Bytes of the machine's memory that nobody holds. */
    static long free() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KILOBYTE;
                }
            }
        } catch (IOException notLinux) {
            return machine().getFreeMemorySize();
        }
        return machine().getFreeMemorySize();
    }

    private static OperatingSystemMXBean machine() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    private static long kilobytes(String line) throws IOException {
        List<String> status = Files.readAllLines(STATUS);
        for (String one : status) {
            if (one.startsWith(line)) {
                return Long.parseLong(one.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no line '" + line + "' in " + STATUS);
    }
}
