package io.longspan.attention.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AttentionSettingsTest {
    @Test
    void defaultsAreAutoAndFail() {
        assertThat(AttentionSettings.from(Map.of())).isEqualTo(AttentionSettings.defaults());
        assertThat(AttentionSettings.defaults().backend()).isEqualTo("auto");
        assertThat(AttentionSettings.defaults().fallback()).isEqualTo(Fallback.FAIL);
    }

    @Test
    void everyKeyIsRead() {
        AttentionSettings settings =
                AttentionSettings.from(
                        Map.of(
                                "longspan.attention.backend", "fused",
                                "longspan.attention.fallback", "next",
                                "longspan.attention.plugins", "jars",
                                "longspan.attention.options.fused.tile", "96",
                                "longspan.other", "left alone"));
        assertThat(settings)
                .isEqualTo(
                        new AttentionSettings(
                                "fused",
                                Fallback.NEXT,
                                Map.of("fused", Map.of("tile", "96")),
                                Path.of("jars")));
    }

    @Test
    void wrongKeysAndValuesAreRefused() {
        assertThatThrownBy(() -> AttentionSettings.from(Map.of("longspan.attention.backnd", "x")))
                .hasMessageContaining("longspan.attention.backnd")
                .hasMessageContaining("longspan.attention.backend");
        assertThatThrownBy(() ->
                        AttentionSettings.from(Map.of("longspan.attention.fallback", "maybe")))
                .hasMessageContaining("'maybe'; allowed are fail and next");
        assertThatThrownBy(() ->
                        AttentionSettings.from(Map.of("longspan.attention.backend", "No Name")))
                .hasMessageContaining("'No Name'");
    }
}
