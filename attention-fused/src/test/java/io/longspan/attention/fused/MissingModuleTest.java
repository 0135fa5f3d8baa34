package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.Availability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Without the incubator module the provider loads and says what to add. */
final class MissingModuleTest {
    /** Run in a JVM without the module; prints what the provider answers. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            System.out.println(new FusedAttentionProvider().availability());
        }
    }

    @Test
    void theHintNamesTheFlag() throws IOException, InterruptedException {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Main.class.getName())
                        .redirectErrorStream(true)
                        .start();
        try {
            String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said)
                    .startsWith("Unavailable")
                    .contains("--add-modules jdk.incubator.vector")
                    .contains("the module 'jdk.incubator.vector' is not in this JVM");
        } finally {
            java.destroyForcibly();
        }
    }

    @Test
    void hereItIsAvailableWithItsWidth() {
        assertThat(new FusedAttentionProvider().availability())
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        there -> assertThat(there.detail()).contains("-bit vectors"));
    }

    @Test
    void aWidthThatIsNoChoiceIsRefusedByName() {
        assertThatThrownBy(() -> Calls.backend(1, Map.of("vector-bits", "1024")))
                .hasMessageContaining("vector-bits")
                .hasMessageContaining("1024");
    }
}
