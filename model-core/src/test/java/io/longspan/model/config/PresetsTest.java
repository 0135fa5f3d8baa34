package io.longspan.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PresetsTest {
    @ParameterizedTest
    @CsvSource({
        "longformer-base-16384,longformer-base-4096",
        "longformer-large-16384,longformer-large-4096"
    })
    void theLongVariantDiffersInItsPositionsOnly(String longer, String published) {
        LongformerConfig config = Presets.get(longer);
        assertThat(config.usablePositions()).isEqualTo(16384);
        assertThat(config.toBuilder().maxPositionEmbeddings(4098).build())
                .isEqualTo(Presets.get(published));
    }

    @ParameterizedTest
    @CsvSource({"char-lm-small,12,0.2", "char-lm-large,30,0.4"})
    void characterModelsAreThePapers(String name, int layers, double dropout) {
        LongformerConfig config = Presets.get(name);
        assertThat(config.layers()).isEqualTo(layers);
        assertThat(config.heads()).isEqualTo(8);
        assertThat(config.hiddenSize()).isEqualTo(512);
        assertThat(config.hiddenDropout()).isEqualTo(dropout);
        assertThat(config.causal()).isTrue();
        assertThat(config.preLayerNorm()).isTrue();
        assertThat(config.usablePositions()).isEqualTo(2048);
        List<Integer> windows =
                config.attention().stream().map(layer -> 2 * layer.left().getFirst()).toList();
        assertThat(windows).isSorted().startsWith(32).endsWith(512);
        double mean = windows.stream().mapToInt(Integer::intValue).average().orElseThrow();
        assertThat(mean).isCloseTo(230, within(4.0)); // the paper's mean
        assertThat(LongformerConfigJson.parse(LongformerConfigJson.text(config))).isEqualTo(config);
    }

    /** Gaps of the paper's table 12: none, 1, 2, 3; the stride is one more, on two heads. */
    @Test
    void dilationIsOnTwoHeadsOfTheUpperLayers() {
        assertThat(strides("char-lm-small", 0)).containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4);
        List<Integer> large = strides("char-lm-large", 1);
        assertThat(large.subList(0, 15)).containsOnly(1);
        assertThat(large.subList(15, 20)).containsOnly(2);
        assertThat(large.subList(20, 25)).containsOnly(3);
        assertThat(large.subList(25, 30)).containsOnly(4);
        for (int head = 2; head < 8; head++) {
            assertThat(strides("char-lm-small", head)).containsOnly(1);
            assertThat(strides("char-lm-large", head)).containsOnly(1);
        }
    }

    private static List<Integer> strides(String preset, int head) {
        return Presets.get(preset).attention().stream()
                .map(layer -> layer.dilations().get(head))
                .toList();
    }
}
