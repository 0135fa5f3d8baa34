package io.longspan.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionPattern;
import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LongformerConfigTest {
    private static final LongformerConfig BASE = Presets.get("longformer-base-4096");

    @Test
    void publishedBaseModelHas4096PositionsAndHeadsOf64() {
        assertThat(BASE.maxPositionEmbeddings()).isEqualTo(4098);
        assertThat(BASE.usablePositions()).isEqualTo(4096);
        assertThat(BASE.headSize()).isEqualTo(64);
    }

    @Test
    void windowIsTheTotalWidthAndReachesHalfToEachSide() {
        AttentionPattern pattern = BASE.pattern(11);
        assertThat(pattern.left(0)).isEqualTo(256);
        assertThat(pattern.right(0)).isEqualTo(256);
        assertThat(pattern.heads()).isEqualTo(12);
        assertThat(pattern.dilation(11)).isEqualTo(1);
        assertThat(pattern.scale()).isEqualTo(0.125f);
        assertThat(pattern.dropout()).isEqualTo(0.1f);
        assertThat(pattern.causal()).isFalse();
        assertThat(pattern.offsetBias()).isFalse();
    }

    @Test
    void causalModelReachesHalfTheWindowToTheLeftOnly() {
        LongformerConfig causal =
                BASE.toBuilder().modelType(ModelType.LONGSPAN).causal(true).build();
        assertThat(causal.pattern(0).left(3)).isEqualTo(256);
        assertThat(causal.pattern(0).right(3)).isZero();
        assertThat(causal.pattern(0).causal()).isTrue();
    }

    @Test
    void headsMayDifferInWindowAndDilation() {
        LayerAttention layer = new LayerAttention(List.of(8, 2), List.of(1, 5));
        LongformerConfig config =
                Presets.get("tiny").toBuilder()
                        .modelType(ModelType.LONGSPAN)
                        .heads(2)
                        .attention(Collections.nCopies(2, layer))
                        .offsetBias(true)
                        .build();
        AttentionPattern pattern = config.pattern(1);
        assertThat(pattern.left(0)).isEqualTo(4);
        assertThat(pattern.right(1)).isEqualTo(1);
        assertThat(pattern.dilation(1)).isEqualTo(5);
        assertThat(pattern.offsetBias()).isTrue();
    }

    @Test
    void everyTokenOfTheLongestSequenceSeesEveryOtherInRoberta() {
        LongformerConfig roberta = Presets.get("roberta-base");
        assertThat(roberta.usablePositions()).isEqualTo(512);
        assertThat(roberta.hasGlobalAttention()).isFalse();
        assertThat(roberta.pattern(0).left(0)).isEqualTo(511);
        assertThat(roberta.pattern(0).right(0)).isEqualTo(511);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void wrongValueIsRefusedByItsKey(
            UnaryOperator<LongformerConfigBuilder> change, String message) {
        assertThatThrownBy(() -> change.apply(BASE.toBuilder()).build())
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> wrongValueIsRefusedByItsKey() {
        return Stream.of(
                wrong(b -> b.hiddenSize(770), "hidden_size is 770; it has to be a multiple"),
                wrong(b -> b.hiddenSize(0), "hidden_size is 0; it must be from 1 to"),
                wrong(b -> b.hiddenSize(1 << 30), "hidden_size is 1073741824"),
                wrong(b -> b.vocabSize(-1), "vocab_size is -1"),
                wrong(b -> b.layers(0), "num_hidden_layers is 0"),
                wrong(b -> b.layers(11), "attention_window has 12 entries"),
                wrong(b -> b.heads(6), "num_attention_heads is 6"),
                wrong(b -> b.intermediateSize(0), "intermediate_size is 0"),
                wrong(b -> b.typeVocabSize(0), "type_vocab_size is 0"),
                wrong(b -> b.maxPositionEmbeddings(2), "max_position_embeddings is 2"),
                wrong(b -> b.layerNormEps(0), "layer_norm_eps is 0.0"),
                wrong(b -> b.layerNormEps(Double.NaN), "layer_norm_eps is NaN"),
                wrong(b -> b.initializerRange(-1), "initializer_range is -1.0"),
                wrong(b -> b.dropout(1, 0), "hidden_dropout_prob is 1.0"),
                wrong(b -> b.dropout(0, -0.5), "attention_probs_dropout_prob is -0.5"),
                wrong(b -> b.ids(new SpecialIds(50265, 0, 2, 2)), "pad_token_id is 50265"),
                wrong(b -> b.ids(new SpecialIds(1, -1, 2, 2)), "bos_token_id is -1"),
                wrong(b -> b.window(7), "attention window is 7"),
                wrong(b -> b.window(0), "attention window is 0"),
                wrong(b -> b.window(-2), "attention window is -2"),
                wrong(b -> b.window(1 << 30), "attention window is 1073741824"),
                wrong(b -> b.causal(true), "uses causal, which only model_type longspan has"),
                wrong(b -> b.offsetBias(true), "uses offset_bias"),
                wrong(b -> b.preLayerNorm(true), "uses pre_layer_norm"),
                wrong(b -> b.attention(layers(2, 1)), "uses attention_window_per_head"),
                wrong(b -> b.attention(layers(512, 2)), "uses attention_dilation_per_head"),
                wrong(b -> b.attention(layers(512, 0)), "attention dilation is 0"),
                wrong(b -> b.attention(layers(1 << 24, 1 << 20)), "furthest key is"),
                wrong(b -> b.modelType(ModelType.ROBERTA), "model_type roberta"));
    }

    /** Twelve layers whose last head differs. */
    private static List<LayerAttention> layers(int lastWindow, int lastDilation) {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(12, 512));
        List<Integer> dilations = new ArrayList<>(Collections.nCopies(12, 1));
        windows.set(11, lastWindow);
        dilations.set(11, lastDilation);
        return Collections.nCopies(12, new LayerAttention(windows, dilations));
    }

    private static Arguments wrong(UnaryOperator<LongformerConfigBuilder> change, String message) {
        return Arguments.of(change, message);
    }

    @Test
    void windowsAndDilationsOfALayerComeInPairs() {
        assertThatThrownBy(() -> new LayerAttention(List.of(2, 2), List.of(1)))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("2 windows and 1 dilations");
    }
}
