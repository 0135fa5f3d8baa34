package io.longspan.bench.serve;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Cores that this process takes, from now on. */
final class Cores {
    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long cpu = system.getProcessCpuTime();
    private final long begin = System.nanoTime();

    /** Until now. */
    double taken() {
        return (system.getProcessCpuTime() - cpu) / (double) (System.nanoTime() - begin);
    }
}
