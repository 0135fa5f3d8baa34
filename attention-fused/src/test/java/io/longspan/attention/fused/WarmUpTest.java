package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In processes of their own, for each way in which a JVM can run. */
final class WarmUpTest {
    @ParameterizedTest
    @CsvSource({"-Xint, false", "-XX:TieredStopAtLevel=1, false", "-Xmixed, true"})
    void onlyACompilerThatKnowsVectorsIsWaitedFor(String mode, boolean expected) throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                mode,
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Probe.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said.strip()).isEqualTo("knows vectors: " + expected);
        } finally {
            child.destroyForcibly();
        }
    }

    /** What the child does. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            String mode = System.getProperty("java.vm.info", "");
            System.out.println("knows vectors: " + WarmUp.knowsVectors(mode));
        }
    }
}
