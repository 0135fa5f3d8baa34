package io.longspan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How far the resident memory of this process rises above its level while something runs. */
final class PeakMemory {
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
