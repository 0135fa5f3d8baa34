package io.longspan.model.config;

import static io.longspan.model.config.Checks.range;
import static io.longspan.model.config.Checks.rate;
import static io.longspan.model.config.Checks.small;

import io.longspan.attention.AttentionPattern;
import io.longspan.model.ModelInputException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, without its weights. Immutable; made by {@link LongformerConfigJson}, {@link
 * Presets} or {@link #toBuilder()}. The activation is always exact GELU.
 *
 * @param modelType family of the model
 * @param vocabSize V, rows of the word table
 * @param hiddenSize h, width of a token's state; a multiple of the heads
 * @param layers number of encoder layers
 * @param heads H, attention heads per layer
 * @param intermediateSize width of the feed-forward layer
 * @param maxPositionEmbeddings P, rows of the position table, the reserved first ones included
 * @param typeVocabSize rows of the token type table
 * @param layerNormEps added to the variance in every layer normalisation
 * @param hiddenDropout rate of dropout of hidden states in training
 * @param attentionDropout rate of dropout of attention probabilities in training
 * @param initializerRange standard deviation of fresh weights
 * @param ids ids of the special tokens
 * @param attention one entry per layer; empty for a {@linkplain ModelType#dense() dense} model
 * @param causal whether no token sees a later one (LONGSPAN only)
 * @param offsetBias whether every layer adds a learned bias per head and offset (LONGSPAN only)
 * @param preLayerNorm whether layers normalise their input instead of their output (LONGSPAN only)
 * @param tiedWordEmbeddings whether the language-model decoder is the word table
 * @param architectures class names that the file gives, such as {@code LongformerForMaskedLM}
 * @param labels names of the classes, by class index; empty when the file gives none
 * @param problemType the file's {@code problem_type}, or null
 * @param extra fields that mean nothing here, as JSON text by key; kept for rewriting
 */
public record LongformerConfig(
        ModelType modelType,
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps,
        double hiddenDropout,
        double attentionDropout,
        double initializerRange,
        SpecialIds ids,
        List<LayerAttention> attention,
        boolean causal,
        boolean offsetBias,
        boolean preLayerNorm,
        boolean tiedWordEmbeddings,
        List<String> architectures,
        List<String> labels,
        @Nullable String problemType,
        SortedMap<String, String> extra) {

    /**
     * Copies the collections and checks every value.
     *
     * @throws ModelInputException naming the first value that is not allowed, by its JSON key
     */
    public LongformerConfig {
        attention = List.copyOf(attention);
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
        range("vocab_size", vocabSize, 1, Checks.LARGEST_VOCABULARY);
        range("hidden_size", hiddenSize, 1, Checks.LARGEST_WIDTH);
        range("num_hidden_layers", layers, 1, Checks.LARGEST_COUNT);
        range("num_attention_heads", heads, 1, Checks.LARGEST_COUNT);
        range("intermediate_size", intermediateSize, 1, Checks.LARGEST_INTERMEDIATE);
        range("type_vocab_size", typeVocabSize, 1, Checks.LARGEST_COUNT);
        range("pad_token_id", ids.pad(), 0, vocabSize - 1);
        range("bos_token_id", ids.bos(), 0, vocabSize - 1);
        range("eos_token_id", ids.eos(), 0, vocabSize - 1);
        range("sep_token_id", ids.sep(), 0, vocabSize - 1);
        range(
                "max_position_embeddings",
                maxPositionEmbeddings,
                firstPosition(modelType, ids) + 1L,
                Checks.LARGEST_POSITIONS);
        small("layer_norm_eps", layerNormEps);
        small("initializer_range", initializerRange);
        rate("hidden_dropout_prob", hiddenDropout);
        rate("attention_probs_dropout_prob", attentionDropout);
        if (hiddenSize % heads != 0) {
            throw new ModelInputException(
                    "hidden_size is "
                            + hiddenSize
                            + "; it has to be a multiple of num_attention_heads, which is "
                            + heads);
        }
        AttentionChecks.shape(modelType, attention, layers, heads);
        AttentionChecks.extensions(modelType, attention, causal, offsetBias, preLayerNorm);
    }

    /** D, the width of one head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /** The longest sequence: rows of the position table from {@link #firstPosition()} on. */
    public int usablePositions() {
        return maxPositionEmbeddings - firstPosition();
    }

    /**
     * Row of the position table that a sequence begins with. Rows 0 to the pad id are reserved, but
     * for BERT, which counts from 0.
     */
    public int firstPosition() {
        return firstPosition(modelType, ids);
    }

    private static int firstPosition(ModelType type, SpecialIds ids) {
        return type == ModelType.BERT ? 0 : ids.pad() + 1;
    }

    /** Whether tokens can be global: the model has projections for them. */
    public boolean hasGlobalAttention() {
        return !modelType.dense();
    }

    /**
     * What a token sees in a layer, scaled by 1/sqrt(D). In a causal model nothing is seen to the
     * right; in a dense model every token of a sequence is seen.
     *
     * @param layer index from 0
     */
    public AttentionPattern pattern(int layer) {
        AttentionPattern.Builder pattern =
                AttentionPattern.builder(heads)
                        .scaleFor(headSize())
                        .dropout((float) attentionDropout)
                        .causal(causal)
                        .offsetBias(offsetBias);
        if (modelType.dense()) {
            int reach = usablePositions() - 1;
            return pattern.reach(reach, reach).build();
        }
        LayerAttention seen = attention.get(layer);
        for (int h = 0; h < heads; h++) {
            pattern.reach(h, seen.left().get(h), causal ? 0 : seen.right().get(h))
                    .dilation(h, seen.dilations().get(h));
        }
        return pattern.build();
    }

    /** Starts a changed copy. */
    public LongformerConfigBuilder toBuilder() {
        return new LongformerConfigBuilder(this);
    }
}
