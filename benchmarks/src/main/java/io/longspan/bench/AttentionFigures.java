package io.longspan.bench;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Draws time and memory against length for every backend and for dense attention, as Figure 1 of
 * the Longformer paper does. Arguments: the folder to write to, and optionally the longest length.
 */
public final class AttentionFigures {
    private static final int FIRST = 512;
    private static final int LAST = 16_384;
    private static final int RUNS = 3;
    private static final double MEGABYTE = 1 << 20;

    /** Dense scores, [H, T, T], beyond this are not tried. */
    private static final double MOST_DENSE_BYTES = 2.0e9;

    /** A backend that took longer is not tried on greater lengths. */
    private static final double MOST_SECONDS = 10;

    /** Of the free memory, that a backend may take. */
    private static final double SHARE_OF_FREE_MEMORY = 0.5;

    private final Set<String> tooMuch = new HashSet<>();
    private final Map<String, Double> bytesPerToken = new HashMap<>();
    private final Map<String, List<LineChart.Point>> time = new LinkedHashMap<>();
    private final Map<String, List<LineChart.Point>> memory = new LinkedHashMap<>();
    private final List<String> table = new ArrayList<>();

    private AttentionFigures() {}

    /** Measures and writes {@code time.svg}, {@code memory.svg} and {@code lengths.csv}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int last = arguments.length > 1 ? Integer.parseInt(arguments[1]) : LAST;
        new AttentionFigures().draw(folder, last);
    }

    private void draw(Path folder, int last) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        AttentionBenchRequest base =
                new AttentionBenchRequest(FIRST, 512, 1, 0, 12, 64, threads, false, RUNS, null);
        table.add("tokens,name,median_seconds,min_seconds,max_seconds,extra_bytes,peak_gflops");
        EngineThreads.set(threads);
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            AttentionBench bench =
                    new AttentionBench(
                            registry, AttentionSettings.defaults(), AttentionFigures::note);
            for (int tokens = FIRST; tokens <= last; tokens *= 2) {
                note(tokens + " tokens");
                AttentionBenchRequest asked = base.withTokens(tokens);
                AttentionBenchResult result = bench.run(asked, tooMuch);
                for (AttentionBenchRow row : result.rows()) {
                    keep(asked, row.name(), row.forward(), row.extraBytes(), result.peakGflops());
                }
                dense(asked, result.peakGflops());
                write(folder);
            }
        }
    }

    private void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve("time.svg"), "Attention of one layer: time", "milliseconds", time);
        write(
                folder.resolve("memory.svg"),
                "Attention of one layer: memory",
                "MiB above inputs and output",
                memory);
        Files.write(folder.resolve("lengths.csv"), table);
    }

    private void dense(AttentionBenchRequest asked, @Nullable Double peak) {
        double scores = 4.0 * asked.heads() * asked.tokens() * asked.tokens();
        if (scores > MOST_DENSE_BYTES) {
            note("dense would need " + scores / 1e9 + " GB for its scores; left out");
            return;
        }
        try (Contender contender = ArrayContender.dense(asked)) {
            AttentionBench.Measured dense =
                    AttentionBench.measure("dense", "", "", contender, false, RUNS);
            keep(asked, "dense", dense.forward(), dense.extraBytes(), peak);
        }
    }

    private void keep(
            AttentionBenchRequest asked,
            String name,
            @Nullable Timing timing,
            @Nullable Long extraBytes,
            @Nullable Double peak) {
        if (timing == null) {
            return;
        }
        int tokens = asked.tokens();
        if (timing.medianSeconds() > MOST_SECONDS || grows(name, tokens, extraBytes)) {
            note(name + " is left out of greater lengths");
            tooMuch.add(name);
        }
        points(time, name).add(new LineChart.Point(tokens, timing.medianSeconds() * 1e3));
        if (extraBytes != null) {
            points(memory, name).add(new LineChart.Point(tokens, extraBytes / MEGABYTE));
        }
        table.add(
                String.format(
                        Locale.ROOT,
                        "%d,%s,%.6f,%.6f,%.6f,%s,%s",
                        tokens,
                        name,
                        timing.medianSeconds(),
                        timing.minSeconds(),
                        timing.maxSeconds(),
                        extraBytes == null ? "" : extraBytes,
                        peak == null ? "" : String.format(Locale.ROOT, "%.1f", peak)));
    }

    /**
     * Whether twice the tokens would take too much memory. The length that took most per token
     * counts: memory that an earlier run gave back is taken again without growth.
     */
    private boolean grows(String name, int tokens, @Nullable Long extraBytes) {
        if (extraBytes == null) {
            return false;
        }
        double perToken =
                Objects.requireNonNull(
                        bytesPerToken.merge(name, (double) extraBytes / tokens, Math::max));
        return perToken * 2 * tokens > PeakMemory.free() * SHARE_OF_FREE_MEMORY;
    }

    private static List<LineChart.Point> points(
            Map<String, List<LineChart.Point>> curves, String name) {
        return Objects.requireNonNull(curves.computeIfAbsent(name, n -> new ArrayList<>()));
    }

    private static void write(
            Path file, String title, String unit, Map<String, List<LineChart.Point>> curves)
            throws IOException {
        LineChart chart =
                new LineChart(title + " (window 512, 12 heads of 64, float32)", "tokens", unit);
        curves.forEach(chart::add);
        Files.writeString(file, chart.svg());
    }

    private static void note(String line) {
        System.err.println(line);
    }
}
