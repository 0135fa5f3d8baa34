package io.longspan.bench.train;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.bench.LinearBench;
import io.longspan.model.tensor.MklFullSpeed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Times steps of training: ours with each mode of MKL and, where their Python is there,
 * transformers' on the same weights and tokens.
 */
public final class TrainBench {
    private static final String SCRIPT = "train_peers.py";
    private static final String FOLDER = "/io/longspan/bench/";

    private final AttentionSettings settings;
    private final Consumer<String> progress;

    /**
     * A benchmark.
     *
     * @param settings of attention, for our own steps
     * @param progress is told what is being measured, one line at a time
     */
    public TrainBench(AttentionSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @throws IllegalArgumentException when the interpreter of the peers cannot be run
     */
    public TrainBenchResult run(TrainBenchRequest asked) {
        List<TrainContender> own = new ArrayList<>();
        for (MklFullSpeed.Mode mode : asked.modes()) {
            String name = "longspan, mkl full speed " + mode.name().toLowerCase(Locale.ROOT);
            progress.accept("timing " + name);
            own.add(TrainContender.of(name, spoken("Java", java(asked, mode))));
        }
        List<TrainContender> peers = new ArrayList<>();
        Path python = asked.python();
        if (python != null) {
            peers(asked, python, peers);
        }
        return new TrainBenchResult(asked, LinearBench.cpu(), own, peers);
    }

    private void peers(TrainBenchRequest asked, Path python, List<TrainContender> peers) {
        try {
            Path script = Files.createTempFile("longspan-peers", ".py");
            try (InputStream in = TrainBench.class.getResourceAsStream(FOLDER + SCRIPT)) {
                if (in == null) {
                    throw new IOException("script '" + SCRIPT + "' is not in the jar");
                }
                Files.write(script, in.readAllBytes());
                for (String peer : asked.peers()) {
                    progress.accept("timing transformers, " + peer);
                    List<String> command =
                            List.of(
                                    python.toString(),
                                    script.toString(),
                                    asked.model().toString(),
                                    Integer.toString(asked.tokens()),
                                    Integer.toString(asked.threads()),
                                    Integer.toString(asked.runs()),
                                    peer);
                    peers.add(
                            TrainContender.of(
                                    "transformers, " + peer,
                                    spoken("python '" + python + "'", command)));
                }
            } finally {
                Files.deleteIfExists(script);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the script of the peers cannot be written: " + e.getMessage(), e);
        }
    }

    private List<String> java(TrainBenchRequest asked, MklFullSpeed.Mode mode) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-modules",
                                "jdk.incubator.vector",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-XX:+UseSerialGC",
                                "-Xmn48m",
                                "-Dai.djl.pytorch.num_threads=" + asked.threads(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                TrainBenchMain.class.getName(),
                                asked.model().toString(),
                                Integer.toString(asked.tokens()),
                                Integer.toString(asked.threads()),
                                Integer.toString(asked.runs()),
                                asked.activations().name(),
                                asked.products().name(),
                                mode.name()));
        command.add(AttentionSettings.PREFIX + "backend=" + settings.backend());
        command.add(
                AttentionSettings.PREFIX
                        + "fallback="
                        + settings.fallback().name().toLowerCase(Locale.ROOT));
        if (settings.plugins() != null) {
            command.add(AttentionSettings.PREFIX + "plugins=" + settings.plugins());
        }
        for (Map.Entry<String, Map<String, String>> backend : settings.options().entrySet()) {
            backend.getValue()
                    .forEach((option, value) ->
                            command.add(
                                    AttentionSettings.PREFIX
                                            + "options."
                                            + backend.getKey()
                                            + "."
                                            + option
                                            + "="
                                            + value));
        }
        return command;
    }

    /** The line that a contender says; logging goes to the same place. */
    private static String spoken(String who, List<String> command) {
        ProcessBuilder start =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        start.environment().put("OMP_WAIT_POLICY", "passive");
        start.environment().put("OPT_OUT_TRACKING", "true");
        Process process;
        try {
            process = start.start();
        } catch (IOException e) {
            throw new IllegalArgumentException(who + " cannot be run: " + e.getMessage(), e);
        }
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return said.lines()
                    .filter(line -> line.indexOf('\t') >= 0)
                    .reduce((_, last) -> last)
                    .orElse("none\tended with code " + code);
        } catch (IOException e) {
            throw new IllegalArgumentException(who + " cannot be heard: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + who + " was measured", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
