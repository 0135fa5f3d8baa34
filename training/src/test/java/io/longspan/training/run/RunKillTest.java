package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.training.data.TokenSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunKillTest {
    private static final int STEPS = 120;

    private static final String MASKED = "masked-lm";
    private static final String CAUSAL_MIXTURE = "a mixture of documents for causal-lm";

    @TempDir Path folder;

    static Map<String, Object> settings(String kind, Path model, Path output, int checkpointEvery) {
        Map<String, Object> settings = Tiny.settings(model, output);
        settings.put("steps", STEPS);
        settings.put("checkpoint_every", checkpointEvery);
        settings.put("evaluation_share", 0);
        if (kind.equals(CAUSAL_MIXTURE)) {
            TinyDocuments.put(settings);
            settings.put("objective", "causal-lm");
            settings.remove("mask_token_id");
        }
        return settings;
    }

    static List<TokenSource> data(String kind) {
        return kind.equals(CAUSAL_MIXTURE) ? TinyDocuments.pair() : List.of(Tiny.data(3000));
    }

    @ParameterizedTest
    @CsvSource({MASKED + ", 2", CAUSAL_MIXTURE + ", 1"})
    void aKilledRunGoesOnFromAWholeCheckpointWithTheSameLosses(String kind, int kills)
            throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path model = kind.equals(MASKED) ? Tiny.model(folder) : Tiny.causal(folder);
        Path output = folder.resolve("run");
        for (int kill = 0; kill < kills; kill++) {
            Process process = start(kind, model, output);
            try {
                int before = newest(output);
                int wanted = before + 1 + random.nextInt(6);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (newest(output) < wanted && process.isAlive()) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    Thread.sleep(5);
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(newest(output)).isBetween(kills, STEPS - 1);

        RecordedLog resumed = new RecordedLog();
        TrainingOutcome outcome = run(settings(kind, model, output, 0), kind, resumed);
        RecordedLog whole = new RecordedLog();
        TrainingOutcome straight =
                run(settings(kind, model, folder.resolve("straight"), 0), kind, whole);
        assertThat(resumed.losses).isEqualTo(whole.losses.tailMap(resumed.losses.firstKey()));
        assertThat(
                        Files.mismatch(
                                outcome.checkpoint().resolve("model.safetensors"),
                                straight.checkpoint().resolve("model.safetensors")))
                .isEqualTo(-1);
        try (Stream<Path> entries = Files.list(output)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .hasSize(3)
                    .contains(".lock", "step-00000120")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** One that can train it. */
    static String backend(String kind) {
        return kind.equals(CAUSAL_MIXTURE) ? "fused" : "chunks";
    }

    private static TrainingOutcome run(Map<String, Object> settings, String kind, RunLog log) {
        return Tiny.run(settings, data(kind), log, backend(kind), () -> false);
    }

    private static Process start(String kind, Path model, Path output) throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-modules=jdk.incubator.vector",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledRun.class.getName(),
                                kind,
                                model.toString(),
                                output.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The highest step with a checkpoint under its name, 0 for none. */
    private static int newest(Path output) throws IOException {
        if (!Files.isDirectory(output)) {
            return 0;
        }
        try (Stream<Path> entries = Files.list(output)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith("step-"))
                    .mapToInt(name -> Integer.parseInt(name.substring("step-".length())))
                    .max()
                    .orElse(0);
        }
    }
}
