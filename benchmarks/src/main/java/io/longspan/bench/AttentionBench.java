package io.longspan.bench;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Device;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Times one layer's attention on every backend that can do it here.
 *
 * <p>Backends run one after the other with a pause between, so that the threads of one have gone to
 * sleep when the next begins; the peak is measured before and after them. For libtorch the number
 * of threads has to be set before the registry is made, see {@link EngineThreads}. One call at a
 * time.
 */
public final class AttentionBench {
    private static final int TRIAL_TOKENS = 256;

    /** Of what is free now; others may want some, too. */
    private static final double SHARE_OF_FREE_MEMORY = 0.25;

    private static final int WARM_RUNS = 3;
    private static final double WARM_SECONDS = 1.5;
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration MOST_PER_BACKEND = Duration.ofSeconds(20);

    private final AttentionRegistry registry;
    private final AttentionSettings settings;
    private final Consumer<String> progress;

    /**
     * A benchmark over a registry, which stays the caller's to close.
     *
     * @param progress is told what is being measured, one line at a time
     */
    public AttentionBench(
            AttentionRegistry registry, AttentionSettings settings, Consumer<String> progress) {
        this.registry = registry;
        this.settings = settings;
        this.progress = progress;
    }

    /** What was measured of one contender, before anything is compared. */
    record Measured(
            String name,
            String version,
            String note,
            @Nullable Timing forward,
            @Nullable Timing backward,
            @Nullable Long extraBytes) {}

    /**
     * Measures.
     *
     * @throws IllegalArgumentException when the request names a Python that cannot run the peers
     */
    public AttentionBenchResult run(AttentionBenchRequest asked) {
        return run(asked, Set.of());
    }

    /** The same without some backends. */
    AttentionBenchResult run(AttentionBenchRequest asked, Set<String> leftOut) {
        Double before = peak(asked.threads());
        List<Measured> measured = new ArrayList<>();
        List<Workload> work = List.of(Task.of(asked).workload());
        for (SelectionRow row : AttentionBackends.report(registry, settings, work).rows()) {
            if (leftOut.contains(row.name())) {
                continue;
            }
            measured.add(row.usable() ? measure(row, work, asked) : unusable(row));
            pause();
        }
        if (asked.python() != null) {
            measured.addAll(PythonPeers.measure(asked.python(), asked, progress));
        }
        Double after = peak(asked.threads());
        return Comparison.of(asked, larger(before, after), measured);
    }

    private Measured measure(SelectionRow row, List<Workload> work, AttentionBenchRequest asked) {
        progress.accept("timing " + row.name());
        try (SelectedBackend chosen =
                        AttentionBackends.open(
                                registry,
                                settings.withBackend(row.name()),
                                work,
                                Device.CPU,
                                asked.threads());
                Contender contender = contender(chosen.backend(), asked)) {
            if (!fits(chosen.backend(), asked, Contender::forward)) {
                return new Measured(
                        row.name(),
                        row.version(),
                        "would take more than a quarter of the free memory",
                        null,
                        null,
                        null);
            }
            boolean train = asked.gradients() && fits(chosen.backend(), asked, Contender::train);
            String note =
                    train || !asked.gradients()
                            ? ""
                            : "its backward pass would take more than a quarter of the free memory";
            return measure(row.name(), row.version(), note, contender, train, asked.runs());
        }
    }

    static Contender contender(AttentionBackend backend, AttentionBenchRequest asked) {
        return switch (backend) {
            case KernelBackend kernel -> new KernelContender(kernel, asked);
            case ComposedBackend composed -> ArrayContender.of(composed, asked);
        };
    }

    /** What a pass keeps of a short sequence, times the length, against what is free. */
    private static boolean fits(
            AttentionBackend backend, AttentionBenchRequest asked, Consumer<Contender> pass) {
        if (backend instanceof KernelBackend || asked.tokens() <= TRIAL_TOKENS) {
            return true;
        }
        try (Contender trial = contender(backend, asked.withTokens(TRIAL_TOKENS))) {
            double bytes = PeakMemory.during(() -> pass.accept(trial), 1);
            double wanted = bytes / TRIAL_TOKENS * asked.tokens();
            return wanted < PeakMemory.free() * SHARE_OF_FREE_MEMORY;
        }
    }

    static Measured measure(
            String name,
            String version,
            String note,
            Contender contender,
            boolean train,
            int runs) {
        long begin = System.nanoTime();
        long growth = PeakMemory.during(contender::forward, 1);
        Long extra = growth < 0 ? null : Math.max(growth, contender.workspaceBytes());
        double first = (System.nanoTime() - begin) / 1e9;
        // The first run has to do where a second one would take too long.
        Timing forward =
                first > MOST_PER_BACKEND.toSeconds()
                        ? Timing.of(first)
                        : time(() -> seconds(contender), runs);
        Timing backward = train ? time(contender::train, runs) : null;
        return new Measured(name, version, note, forward, backward, extra);
    }

    private static double seconds(Contender contender) {
        long begin = System.nanoTime();
        contender.forward();
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Something that runs and says how many seconds counted. */
    @FunctionalInterface
    private interface Timed {
        double seconds();
    }

    private static Timing time(Timed timed, int runs) {
        long begin = System.nanoTime();
        List<Double> counted = new ArrayList<>();
        double last = 0;
        for (int run = 0; isCold(run, begin) && isShort(begin, last); run++) {
            last = timed.seconds();
        }
        begin = System.nanoTime();
        while (counted.isEmpty() || (counted.size() < runs && isShort(begin, last))) {
            last = timed.seconds();
            counted.add(last);
        }
        return Timing.of(counted.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static boolean isCold(int run, long begin) {
        return run < WARM_RUNS || (System.nanoTime() - begin) / 1e9 < WARM_SECONDS;
    }

    /** Whether another run as long as the last stays within what a backend may take. */
    private static boolean isShort(long begin, double last) {
        return (System.nanoTime() - begin) / 1e9 + last < MOST_PER_BACKEND.toSeconds();
    }

    private static Measured unusable(SelectionRow row) {
        return new Measured(row.name(), row.version(), row.against(), null, null, null);
    }

    private static @Nullable Double peak(int threads) {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? FmaPeak.gflops(threads)
                : null;
    }

    private static @Nullable Double larger(@Nullable Double one, @Nullable Double other) {
        return one == null || other == null ? null : Math.max(one, other);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two backends", e);
        }
    }
}
