package io.longspan.bench;

import io.longspan.model.linear.Finish;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.linear.LinearWeights;
import io.longspan.model.linear.PackedLinear;
import io.longspan.model.tensor.MklFullSpeed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Times the linear layers of a base-size model: packed kernels of each precision beside DJL's
 * linear, as it is and with MKL at full speed. Contenders take turns call by call, so that what
 * else runs on the machine meets all of them; DJL runs in processes of its own.
 */
public final class LinearBench {
    private static final int WARM_RUNS = 3;
    private static final double WARM_SECONDS = 0.3;
    private static final long SEED = 23;
    private static final String ENGINE = "djl";
    private static final String FULL_SPEED = "djl, mkl at full speed";

    private final Consumer<String> progress;

    /** The layers of a model of base size. */
    private enum Layer {
        PROJECTION("projection", 768, 768),
        WIDEN("feed-forward in", 768, 3072),
        NARROW("feed-forward out", 3072, 768),
        HEAD("vocabulary head", 768, 50265);

        private final String title;
        private final int in;
        private final int out;

        Layer(String title, int in, int out) {
            this.title = title;
            this.in = in;
            this.out = out;
        }

        int rows(LinearBenchRequest asked) {
            return this == HEAD
                    ? Math.max(1, (int) (asked.tokens() * LinearBenchRequest.HEAD_SHARE))
                    : asked.tokens();
        }
    }

    /**
     * One who does the layer.
     *
     * @param kernel name of the code
     * @param seconds does it once
     */
    private record Contender(String kernel, DoubleSupplier seconds) {}

    /**
     * A benchmark.
     *
     * @param progress is told what is being measured, one line at a time
     */
    public LinearBench(Consumer<String> progress) {
        this.progress = progress;
    }

    /** Measures. */
    public LinearBenchResult run(LinearBenchRequest asked) {
        double peak = peak(asked.threads());
        List<String> notes = new ArrayList<>();
        List<LinearBenchRow> rows = new ArrayList<>();
        try (LinearKernels kernels = LinearKernels.open(asked.threads());
                EngineLinearProcess plain =
                        new EngineLinearProcess(MklFullSpeed.Mode.OFF, asked.threads());
                EngineLinearProcess fast =
                        new EngineLinearProcess(MklFullSpeed.Mode.ON, asked.threads())) {
            if (!fast.fullSpeed()) {
                notes.add("MKL is as it is everywhere: " + fast.reason());
            }
            for (Layer layer : Layer.values()) {
                progress.accept("timing " + layer.title);
                rows.addAll(measure(layer, asked, kernels, plain, fast, notes));
            }
        }
        peak = Math.max(peak, peak(asked.threads()));
        double last = peak;
        return new LinearBenchResult(
                asked, cpu(), peak, notes, rows.stream().map(row -> share(row, last)).toList());
    }

    private static List<LinearBenchRow> measure(
            Layer layer,
            LinearBenchRequest asked,
            LinearKernels kernels,
            EngineLinearProcess plain,
            EngineLinearProcess fast,
            List<String> notes) {
        int rows = layer.rows(asked);
        Map<String, Contender> contenders = new LinkedHashMap<>();
        List<PackedLinear> packed = new ArrayList<>();
        try (Arena memory = Arena.ofShared()) {
            MemorySegment input = random(memory, (long) rows * layer.in);
            MemorySegment output = memory.allocate((long) rows * layer.out * Float.BYTES, 64);
            LinearWeights weights =
                    new LinearWeights(
                            random(memory, (long) layer.in * layer.out),
                            random(memory, layer.out),
                            layer.out,
                            layer.in);
            Finish finish = layer == Layer.WIDEN ? Finish.GELU : Finish.PLAIN;
            for (LinearPrecision precision : asked.precisions()) {
                PackedLinear linear = kernels.pack(weights, precision, finish);
                packed.add(linear);
                if (linear.fallback().isPresent()) {
                    notes.add(layer.title + " in " + precision + ": " + linear.fallback().get());
                } else {
                    contenders.put(
                            precision.name().toLowerCase(Locale.ROOT),
                            new Contender(
                                    linear.kernel(), () -> seconds(linear, input, rows, output)));
                }
            }
            contenders.put(
                    ENGINE,
                    new Contender("libtorch", () -> plain.seconds(rows, layer.in, layer.out)));
            if (fast.fullSpeed()) {
                contenders.put(
                        FULL_SPEED,
                        new Contender("libtorch", () -> fast.seconds(rows, layer.in, layer.out)));
            }
            return rows(layer, rows, contenders, asked.runs());
        } finally {
            packed.forEach(PackedLinear::close);
        }
    }

    private static List<LinearBenchRow> rows(
            Layer layer, int rows, Map<String, Contender> contenders, int runs) {
        Map<String, double[]> seconds = new LinkedHashMap<>();
        contenders.values().forEach(LinearBench::warm);
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<String, Contender> each : contenders.entrySet()) {
                seconds.computeIfAbsent(each.getKey(), name -> new double[runs])[run] =
                        each.getValue().seconds().getAsDouble();
            }
        }
        double flops = 2.0 * rows * layer.in * layer.out;
        double engine = Timing.of(seconds.getOrDefault(ENGINE, new double[runs])).minSeconds();
        List<LinearBenchRow> measured = new ArrayList<>();
        contenders.forEach((name, contender) -> {
            Timing timing = Timing.of(seconds.getOrDefault(name, new double[runs]));
            measured.add(
                    new LinearBenchRow(
                            layer.title,
                            rows,
                            layer.in,
                            layer.out,
                            name,
                            contender.kernel(),
                            timing,
                            flops / timing.medianSeconds() / 1e9,
                            flops / timing.minSeconds() / 1e9,
                            Double.NaN,
                            engine / timing.minSeconds()));
        });
        return measured;
    }

    private static void warm(Contender contender) {
        double spent = 0;
        for (int run = 0; run < WARM_RUNS || spent < WARM_SECONDS; run++) {
            spent += contender.seconds().getAsDouble();
        }
    }

    private static LinearBenchRow share(LinearBenchRow row, double peak) {
        return new LinearBenchRow(
                row.layer(),
                row.rows(),
                row.in(),
                row.out(),
                row.contender(),
                row.kernel(),
                row.timing(),
                row.gflops(),
                row.bestGflops(),
                row.bestGflops() / peak,
                row.ratioToEngine());
    }

    private static double seconds(
            PackedLinear linear, MemorySegment input, int rows, MemorySegment output) {
        long begin = System.nanoTime();
        linear.apply(input, rows, output, null);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static MemorySegment random(Arena memory, long count) {
        Random random = new Random(SEED);
        MemorySegment numbers = memory.allocate(count * Float.BYTES, 64);
        for (long at = 0; at < count; at++) {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT, at, random.nextFloat() - 0.5f);
        }
        return numbers;
    }

    private static double peak(int threads) {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? FmaPeak.gflops(threads)
                : Double.NaN;
    }

    /** The processor's name, with family and model, which tell generations apart. */
    public static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        try {
            Map<String, String> facts = new LinkedHashMap<>();
            for (String line : Files.readAllLines(info)) {
                String[] parts = line.split(":", 2);
                if (parts.length == 2) {
                    facts.putIfAbsent(parts[0].strip(), parts[1].strip());
                }
            }
            return facts.getOrDefault("model name", "unknown")
                    + ", family "
                    + facts.getOrDefault("cpu family", "unknown")
                    + ", model "
                    + facts.getOrDefault("model", "unknown");
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }
}
