package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that may write no large file meets what a full disk gives: a write that fails. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs the shell's ulimit")
final class FullDiskTest {
    private static final String KIND = "masked-lm";

    @TempDir Path folder;

    @Test
    void aCheckpointThatCannotBeWrittenEndsTheRunAndTheLastGoodOneIsGoneOnFrom() throws Exception {
        Path model = Tiny.model(folder);
        Path output = folder.resolve("run");
        AtomicInteger asked = new AtomicInteger();
        Tiny.run(
                RunKillTest.settings(KIND, model, output, 0),
                RunKillTest.data(KIND),
                new RecordedLog(),
                "chunks",
                () -> asked.getAndIncrement() == 3);
        Path good = output.resolve("step-00000003");
        assertThat(good).isDirectory();

        String said = withSmallFilesOnly(model, output);
        assertThat(said)
                .contains("FAILED the checkpoint of step 4 cannot be written")
                .contains("optimizer.safetensors' cannot be written: File too large")
                .contains("make room on the disk")
                .contains("it goes on from '" + good + "'");
        try (Stream<Path> left = Files.list(output)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(".lock", "step-00000003");
        }

        RecordedLog rest = new RecordedLog();
        Map<String, Object> settings = RunKillTest.settings(KIND, model, output, 0);
        Tiny.run(settings, RunKillTest.data(KIND), rest, "chunks", () -> false);
        RecordedLog whole = new RecordedLog();
        settings.put("output", folder.resolve("whole").toString());
        Tiny.run(settings, RunKillTest.data(KIND), whole, "chunks", () -> false);
        assertThat(rest.losses).isEqualTo(whole.losses.tailMap(4L));
    }

    /** No file may grow beyond 8 blocks of 512 or 1,024 bytes, as the shell counts. */
    private static String withSmallFilesOnly(Path model, Path output)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "/bin/sh",
                                        "-c",
                                        "ulimit -f 8; exec \"$@\"",
                                        "sh",
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-XX:-UsePerfData",
                                        "-Dai.djl.offline=true",
                                        "-Xmx512m",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        KilledRun.class.getName(),
                                        KIND,
                                        model.toString(),
                                        output.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
