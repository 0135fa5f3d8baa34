package io.longspan.model.config;

import static io.longspan.model.config.LongformerConfigJsonTest.longformer;
import static io.longspan.model.config.LongformerConfigJsonTest.parse;
import static io.longspan.model.config.LongformerConfigJsonTest.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class ConfigFlavourTest {
    @ParameterizedTest
    @ValueSource(strings = {"tvm", "sliding_chunks", "n2"})
    void originalFilesCountOneSideAndAreDoubled(String mode) {
        LongformerConfig config = parse(longformer().put("attention_mode", mode));
        assertThat(config.modelType()).isEqualTo(ModelType.LONGFORMER);
        assertThat(windows(config)).containsExactly(16, 32, 8);
        assertThat(config.pattern(1).right(0)).isEqualTo(16);
    }

    @Test
    void oddOneSidedWindowIsFine() {
        ObjectNode json = longformer().put("attention_mode", "tvm").put("attention_window", 5);
        assertThat(windows(parse(json))).containsExactly(10, 10, 10);
    }

    @Test
    void modeLongformerIsHuggingFacesOwnAndKeepsWindows() {
        LongformerConfig config = parse(longformer().put("attention_mode", "longformer"));
        assertThat(windows(config)).containsExactly(8, 16, 4);
    }

    @Test
    void originalFileWithoutDilationIsWrittenAsAnOrdinaryLongformer() {
        ObjectNode json = longformer().put("attention_mode", "tvm").put("autoregressive", false);
        json.putArray("attention_dilation").add(1).add(1).add(1);
        json.remove("model_type");
        ObjectNode written = tree(LongformerConfigJson.text(parse(json)));
        assertThat(written.get("model_type").stringValue()).isEqualTo("longformer");
        assertThat(written.get("attention_window").toString()).isEqualTo("[16,32,8]");
        assertThat(written.has("attention_dilation")).isFalse();
        assertThat(written.has("attention_mode")).isFalse();
        assertThat(written.has("autoregressive")).isFalse();
    }

    @Test
    void dilationOfTheOriginalMakesItLongspanWithWindowsDoubled() {
        ObjectNode json = longformer();
        json.putArray("attention_dilation").add(1).add(2).add(3);
        LongformerConfig config = parse(json);
        assertThat(config.modelType()).isEqualTo(ModelType.LONGSPAN);
        assertThat(windows(config)).containsExactly(16, 32, 8);
        assertThat(config.pattern(2).dilation(0)).isEqualTo(3);
        assertThat(config.pattern(2).left(0)).isEqualTo(4);
        assertThat(LongformerConfigJson.parse(LongformerConfigJson.text(config))).isEqualTo(config);
    }

    @Test
    void autoregressiveMakesItCausalLongspan() {
        ObjectNode json = longformer().put("attention_mode", "tvm").put("autoregressive", true);
        LongformerConfig config = parse(json);
        assertThat(config.modelType()).isEqualTo(ModelType.LONGSPAN);
        assertThat(config.causal()).isTrue();
        assertThat(config.pattern(0).right(0)).isZero();
    }

    @Test
    void robertaFileWithWindowsIsALongformer() {
        LongformerConfig config = parse(longformer().put("model_type", "roberta"));
        assertThat(config.modelType()).isEqualTo(ModelType.LONGFORMER);
        assertThat(windows(config)).containsExactly(8, 16, 4);
    }

    @Test
    void longspanFileKeepsEverythingItAdds() {
        ObjectNode json = longspan();
        json.put("causal", true).put("offset_bias", true).put("pre_layer_norm", true);
        LongformerConfig config = parse(json);
        assertThat(config.modelType()).isEqualTo(ModelType.LONGSPAN);
        assertThat(config.attention().get(1).windows()).containsExactly(2, 4, 6, 8);
        assertThat(config.attention().get(2).dilations()).containsExactly(1, 2, 3, 4);
        assertThat(config.offsetBias()).isTrue();
        assertThat(config.preLayerNorm()).isTrue();
        assertThat(tree(LongformerConfigJson.text(config))).isEqualTo(json);
    }

    @Test
    void longspanRefusesTheOriginalsKeysBecauseTheyMeanOtherWindows() {
        ObjectNode json = longspan();
        json.putArray("attention_dilation").add(1).add(1).add(1);
        assertRefused(json, "use attention_dilation_per_head and causal");
    }

    @Test
    void windowsAreGivenOnce() {
        assertRefused(longspan().put("attention_window", 8), "are both given; keep one");
    }

    @Test
    void listsPerHeadHaveTheModelsSize() {
        ObjectNode heads = longspan();
        heads.putArray("attention_window_per_head").addArray().add(2).add(4);
        assertRefused(heads, "attention_window_per_head has 2 entries in a layer");
        ObjectNode layers = longspan();
        layers.putArray("attention_window_per_head").addArray().add(2).add(4).add(2).add(2);
        assertRefused(layers, "attention_window_per_head has 1 lists; num_hidden_layers is 3");
        assertRefused(longspan().put("attention_window_per_head", 4), "one list per layer");
    }

    @Test
    void reachesArePairsPerHeadAndComeBack() {
        ObjectNode json = reaching();
        LongformerConfig config = parse(json);
        assertThat(config.pattern(1).left(3)).isEqualTo(4);
        assertThat(config.pattern(1).right(3)).isZero();
        assertThat(config.pattern(2).left(0)).isEqualTo(1);
        assertThat(config.pattern(2).right(0)).isEqualTo(3);
        assertThat(config.pattern(2).dilation(2)).isEqualTo(3);
        assertThat(tree(LongformerConfigJson.text(config))).isEqualTo(json);
    }

    @Test
    void reachesThatAreWindowsAreWrittenAsWindows() {
        ObjectNode json = reaching();
        var layers = json.putArray("attention_reach_per_head");
        for (int i = 0; i < 3; i++) {
            var heads = layers.addArray();
            for (int h = 0; h < 4; h++) {
                heads.addArray().add(h + 1).add(h + 1);
            }
        }
        assertThat(parse(json)).isEqualTo(parse(longspan()));
    }

    @Test
    void reachesOfACausalModelLookBackOnly() {
        ObjectNode json = reaching();
        assertRefused(
                json.put("causal", true),
                "attention reach [1, 3] and the model is causal; the reach to the right must be 0");
        var layers = json.putArray("attention_reach_per_head");
        for (int i = 0; i < 3; i++) {
            var heads = layers.addArray();
            for (int h = 0; h < 4; h++) {
                heads.addArray().add(5 * h).add(0);
            }
        }
        LongformerConfig config = parse(json);
        assertThat(config.pattern(0).left(3)).isEqualTo(15);
        assertThat(tree(LongformerConfigJson.text(config))).isEqualTo(json);
    }

    @Test
    void reachesAreGivenOnceAndWhole() {
        assertRefused(
                reaching().put("attention_window", 8),
                "attention_window and attention_reach_per_head are both given; keep one");
        ObjectNode triple = reaching();
        triple.putArray("attention_reach_per_head").addArray().addArray().add(1).add(2).add(3);
        assertRefused(triple, "attention_reach_per_head has 1 entries in a layer");
        ObjectNode lone = reaching();
        var heads = lone.putArray("attention_reach_per_head").addArray();
        heads.add(1).add(1).add(1).add(1);
        assertRefused(lone, "attention_reach_per_head has 1 lists");
        ObjectNode flat = longspan();
        flat.remove("attention_window_per_head");
        var layers = flat.putArray("attention_reach_per_head");
        for (int i = 0; i < 3; i++) {
            layers.addArray().add(1).add(1).add(1).add(1);
        }
        assertRefused(flat, "attention_reach_per_head is 1; it must be a list of whole numbers");
        layers.forEach(layer -> {
            for (int h = 0; h < 4; h++) {
                ((tools.jackson.databind.node.ArrayNode) layer)
                        .set(h, tree("{\"x\": [1, 2, 3]}").get("x"));
            }
        });
        assertRefused(flat, "attention_reach_per_head has 3 entries for a head");
        ObjectNode plain = reaching().put("model_type", "longformer");
        plain.remove("attention_dilation_per_head");
        assertRefused(plain, "only model_type longspan has it");
    }

    @Test
    void theReceptiveFieldCountsDilationAndAddsLayers() {
        ReceptiveField field = ReceptiveField.of(parse(reaching()));
        // Head 3 reaches 4 steps of 4 back, head 2 3 steps of 3 ahead.
        assertThat(field.layers())
                .hasSize(3)
                .allMatch(reach -> reach.equals(new ReceptiveField.Reach(16, 9)));
        assertThat(field.total()).isEqualTo(new ReceptiveField.Reach(48, 27));
        ReceptiveField base = ReceptiveField.of(Presets.get("longformer-base-4096"));
        assertThat(base.total()).isEqualTo(new ReceptiveField.Reach(3072, 3072));
        ReceptiveField causal = ReceptiveField.of(parse(longspan().put("causal", true)));
        assertThat(causal.total()).isEqualTo(new ReceptiveField.Reach(48, 0));
    }

    private static ObjectNode reaching() {
        ObjectNode json = longspan();
        json.remove("attention_window_per_head");
        var layers = json.putArray("attention_reach_per_head");
        for (int i = 0; i < 3; i++) {
            var heads = layers.addArray();
            heads.addArray().add(1).add(3);
            heads.addArray().add(2).add(1);
            heads.addArray().add(0).add(3);
            heads.addArray().add(4).add(0);
        }
        return json;
    }

    private static void assertRefused(ObjectNode json, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(message);
    }

    private static ObjectNode longspan() {
        ObjectNode json = longformer().put("model_type", "longspan");
        json.remove("attention_window");
        var windows = json.putArray("attention_window_per_head");
        var dilations = json.putArray("attention_dilation_per_head");
        for (int i = 0; i < 3; i++) {
            windows.addArray().add(2).add(4).add(6).add(8);
            dilations.addArray().add(1).add(2).add(3).add(4);
        }
        return json;
    }

    private static List<Integer> windows(LongformerConfig config) {
        assertThat(config.attention()).allMatch(LayerAttention::sameWindow);
        return config.attention().stream().map(LayerAttention::widest).toList();
    }
}
