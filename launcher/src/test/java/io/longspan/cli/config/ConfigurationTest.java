package io.longspan.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    private static final String BACKEND = "longspan.attention.backend";

    @TempDir Path folder;

    @Test
    void withoutAnySourceEverythingIsDefault() {
        assertThat(load("", Map.of()).values()).isEmpty();
    }

    @Test
    void theFileYieldsToTheEnvironmentAndThatToTheCommandLine() {
        String yaml = "longspan:\n  attention:\n    backend: chunks\n    fallback: next\n";
        assertThat(load(yaml, Map.of()).values()).containsEntry(BACKEND, "chunks");
        Map<String, String> environment =
                Map.of(
                        "LONGSPAN_ATTENTION_BACKEND",
                        "loop",
                        "PATH",
                        "x",
                        "LONGSPAN_JAVA_OPTIONS",
                        "-Xmx1g");
        assertThat(load(yaml, environment).values())
                .containsEntry(BACKEND, "loop")
                .containsEntry("longspan.attention.fallback", "next")
                .hasSize(2);
        assertThat(load(yaml, environment, BACKEND + "=cuda").values())
                .containsEntry(BACKEND, "cuda");
    }

    @Test
    void optionsOfABackendArePartOfTheKey() {
        assertThat(
                        load("longspan.attention.options.fused.tile: 64\n", Map.of())
                                .attention()
                                .options())
                .isEqualTo(Map.of("fused", Map.of("tile", "64")));
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOneAndItsSource() {
        assertThatThrownBy(() -> load("longspan:\n  attention:\n    bakend: loop\n", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("longspan.attention.bakend")
                .hasMessageContaining("longspan.yaml")
                .hasMessageEndingWith(BACKEND);
        assertThatThrownBy(() -> load("", Map.of("LONGSPAN_ATENTION_PLUGINS", "x")))
                .hasMessageContaining("LONGSPAN_ATENTION_PLUGINS")
                .hasMessageEndingWith("longspan.attention.plugins");
    }

    @Test
    void theFormatOfTheLogIsNoKeyAndOneOfTwo() {
        assertThat(load("", Map.of("LONGSPAN_LOG_FORMAT", "json")).values()).isEmpty();
        assertThatThrownBy(() -> load("", Map.of("LONGSPAN_LOG_FORMAT", "xml")))
                .isInstanceOf(UsageException.class)
                .hasMessage("LONGSPAN_LOG_FORMAT is 'xml'; it must be text or json");
    }

    @Test
    void aFileThatIsNoYamlIsOneSentence() {
        assertThatThrownBy(() -> load("a: [1,\n", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("must be YAML");
        assertThatThrownBy(() -> load("just text", Map.of()))
                .hasMessageContaining("must hold keys");
    }

    @Test
    void aKeyWithoutValueOrAFileThatContainsItselfIsOneSentence() {
        assertThatThrownBy(() -> load("longspan:\n  attention:\n    backend:\n", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'longspan.attention.backend'")
                .hasMessageContaining("has no value");
        assertThatThrownBy(() -> load("longspan: &a {attention: *a}\n", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void aNumberOutOfBoundsNamesKeyValueAndBounds() {
        Configuration given = load("longspan.serve.port: 70000\n", Map.of());
        assertThatThrownBy(() -> given.number(KnownKey.SERVE_PORT, 9090, 0, 65535))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "longspan.serve.port is '70000'; it must be a whole number from 0 to 65535");
        assertThat(given.number(KnownKey.ADMIN_PORT, 8080, 0, 65535)).isEqualTo(8080);
    }

    @Test
    void modelsAreNamedByTheirKeys() {
        Configuration given =
                load("longspan:\n  serve:\n    models:\n      news: a\n      books: b\n", Map.of());
        assertThat(given.below("longspan.serve.models"))
                .containsExactly(Map.entry("books", "b"), Map.entry("news", "a"));
        assertThatThrownBy(() -> load("longspan.serve.models.a.b: x\n", Map.of()))
                .hasMessageEndingWith("longspan.serve.models.<name>");
    }

    @Test
    void theEditDistanceCountsChanges() {
        assertThat(KnownKey.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(KnownKey.distance("", "abc")).isEqualTo(3);
        assertThat(KnownKey.distance("same", "same")).isZero();
    }

    private Configuration load(
            String yaml, Map<String, String> environment, String... assignments) {
        Path file = folder.resolve("longspan.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Configuration.load(file, environment, List.of(assignments));
    }
}
