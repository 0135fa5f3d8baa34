package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a process of its own: the engine takes its number of threads once. */
final class EngineThreadsTest {
    private static final int THREADS = 3;

    @Test
    void libtorchWorksWithAsManyThreadsAsWereAskedFor() throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.num_threads=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Probe.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(said.strip()).isEqualTo("threads " + THREADS);
        } finally {
            child.destroyForcibly();
        }
    }

    /** What the child does. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            AttentionBenchRequest asked =
                    new AttentionBenchRequest(16, 4, 1, 0, 1, 8, THREADS, false, 1, null);
            try (BenchedBackend chunks = BenchedBackend.open("chunks", asked)) {
                chunks.forward();
                System.out.println("threads " + JniUtils.getNumThreads());
            }
        }
    }
}
