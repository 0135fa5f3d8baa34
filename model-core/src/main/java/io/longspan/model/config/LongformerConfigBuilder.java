package io.longspan.model.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LongformerConfig} under way. {@link #build()} checks it; until then values may disagree.
 * Not thread-safe.
 */
public final class LongformerConfigBuilder {
    private ModelType modelType;
    private int vocabSize;
    private int hiddenSize;
    private int layers;
    private int heads;
    private int intermediateSize;
    private int maxPositionEmbeddings;
    private int typeVocabSize;
    private double layerNormEps;
    private double hiddenDropout;
    private double attentionDropout;
    private double initializerRange;
    private SpecialIds ids;
    private List<LayerAttention> attention;
    private boolean causal;
    private boolean offsetBias;
    private boolean preLayerNorm;
    private boolean tiedWordEmbeddings;
    private List<String> architectures;
    private List<String> labels;
    private @Nullable String problemType;
    private InputFormat inputFormat;
    private SortedMap<String, String> extra;

    /** Nothing but the family: sizes have to be set, the rest is RoBERTa's. */
    public LongformerConfigBuilder(ModelType modelType) {
        this.modelType = modelType;
        typeVocabSize = 1;
        layerNormEps = 1e-5;
        hiddenDropout = 0.1;
        attentionDropout = 0.1;
        initializerRange = 0.02;
        ids = SpecialIds.ROBERTA;
        attention = List.of();
        tiedWordEmbeddings = true;
        architectures = List.of();
        labels = List.of();
        inputFormat = InputFormat.DEFAULT;
        extra = Collections.emptySortedMap();
    }

    LongformerConfigBuilder(LongformerConfig from) {
        modelType = from.modelType();
        vocabSize = from.vocabSize();
        hiddenSize = from.hiddenSize();
        layers = from.layers();
        heads = from.heads();
        intermediateSize = from.intermediateSize();
        maxPositionEmbeddings = from.maxPositionEmbeddings();
        typeVocabSize = from.typeVocabSize();
        layerNormEps = from.layerNormEps();
        hiddenDropout = from.hiddenDropout();
        attentionDropout = from.attentionDropout();
        initializerRange = from.initializerRange();
        ids = from.ids();
        attention = from.attention();
        causal = from.causal();
        offsetBias = from.offsetBias();
        preLayerNorm = from.preLayerNorm();
        tiedWordEmbeddings = from.tiedWordEmbeddings();
        architectures = from.architectures();
        labels = from.labels();
        problemType = from.problemType();
        inputFormat = from.inputFormat();
        extra = from.extra();
    }

    /** Sets the family. */
    public LongformerConfigBuilder modelType(ModelType type) {
        modelType = type;
        return this;
    }

    /** Sets V. */
    public LongformerConfigBuilder vocabSize(int rows) {
        vocabSize = rows;
        return this;
    }

    /** Sets h. */
    public LongformerConfigBuilder hiddenSize(int width) {
        hiddenSize = width;
        return this;
    }

    /** Sets the number of layers; {@link #attention} has to follow it. */
    public LongformerConfigBuilder layers(int count) {
        layers = count;
        return this;
    }

    /** Sets H; {@link #attention} has to follow it. */
    public LongformerConfigBuilder heads(int count) {
        heads = count;
        return this;
    }

    /** Sets the width of the feed-forward layer. */
    public LongformerConfigBuilder intermediateSize(int width) {
        intermediateSize = width;
        return this;
    }

    /** Sets P, reserved rows included. */
    public LongformerConfigBuilder maxPositionEmbeddings(int rows) {
        maxPositionEmbeddings = rows;
        return this;
    }

    /** Sets the rows of the token type table. */
    public LongformerConfigBuilder typeVocabSize(int rows) {
        typeVocabSize = rows;
        return this;
    }

    /** Sets what is added to the variance in layer normalisation. */
    public LongformerConfigBuilder layerNormEps(double eps) {
        layerNormEps = eps;
        return this;
    }

    /** Sets both dropout rates. */
    public LongformerConfigBuilder dropout(double hidden, double probabilities) {
        hiddenDropout = hidden;
        attentionDropout = probabilities;
        return this;
    }

    /** Sets the standard deviation of fresh weights. */
    public LongformerConfigBuilder initializerRange(double deviation) {
        initializerRange = deviation;
        return this;
    }

    /** Sets the ids of the special tokens. */
    public LongformerConfigBuilder ids(SpecialIds special) {
        ids = special;
        return this;
    }

    /** Sets what each layer sees. */
    public LongformerConfigBuilder attention(List<LayerAttention> perLayer) {
        attention = List.copyOf(perLayer);
        return this;
    }

    /** Gives every layer and head one window; layers and heads have to be set before. */
    public LongformerConfigBuilder window(int total) {
        return attention(Collections.nCopies(layers, LayerAttention.uniform(heads, total)));
    }

    /** Sets whether no token sees a later one. */
    public LongformerConfigBuilder causal(boolean on) {
        causal = on;
        return this;
    }

    /** Sets whether layers add a learned bias per head and offset. */
    public LongformerConfigBuilder offsetBias(boolean on) {
        offsetBias = on;
        return this;
    }

    /** Sets whether layers normalise their input instead of their output. */
    public LongformerConfigBuilder preLayerNorm(boolean on) {
        preLayerNorm = on;
        return this;
    }

    /** Sets whether the language-model decoder is the word table. */
    public LongformerConfigBuilder tiedWordEmbeddings(boolean on) {
        tiedWordEmbeddings = on;
        return this;
    }

    /** Sets the class names that the file gives. */
    public LongformerConfigBuilder architectures(List<String> names) {
        architectures = List.copyOf(names);
        return this;
    }

    /** Sets the names of the classes, by class index. */
    public LongformerConfigBuilder labels(List<String> names) {
        labels = List.copyOf(names);
        return this;
    }

    /** Sets what kind of classification it is, in Hugging Face's words. */
    public LongformerConfigBuilder problemType(@Nullable String type) {
        problemType = type;
        return this;
    }

    /** Sets how texts are put before the model. */
    public LongformerConfigBuilder inputFormat(InputFormat format) {
        inputFormat = format;
        return this;
    }

    /** Sets the fields that are only kept, as JSON text by key. */
    public LongformerConfigBuilder extra(SortedMap<String, String> jsonByKey) {
        extra = new TreeMap<>(jsonByKey);
        return this;
    }

    /**
     * Checks the values and makes the configuration.
     *
     * @throws io.longspan.model.ModelInputException naming the first value that is not allowed
     */
    public LongformerConfig build() {
        return new LongformerConfig(
                modelType,
                vocabSize,
                hiddenSize,
                layers,
                heads,
                intermediateSize,
                maxPositionEmbeddings,
                typeVocabSize,
                layerNormEps,
                hiddenDropout,
                attentionDropout,
                initializerRange,
                ids,
                attention,
                causal,
                offsetBias,
                preLayerNorm,
                tiedWordEmbeddings,
                architectures,
                labels,
                problemType,
                inputFormat,
                extra);
    }
}
