package io.longspan.model.checkpoint;

import io.longspan.model.config.LongformerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tensors a model has, by canonical name. Linear weights are [out, in]. The pooler is
 * optional except for multiple choice; the language-model decoder is optional, because it is the
 * word table in most files.
 */
public final class ModelTensors {
    /** The word table, [V, h]. */
    public static final String WORDS = "embeddings.word_embeddings.weight";

    /** The language-model decoder, [V, h]. */
    public static final String DECODER = "lm_head.decoder.weight";

    private static final String ATTENTION = ".attention.self.";

    private ModelTensors() {}

    /**
     * The tensors of a model with a head.
     *
     * @param labels classes of a classifier; ignored by the other tasks
     */
    public static List<ExpectedTensor> of(LongformerConfig config, Task task, long labels) {
        List<ExpectedTensor> all = new ArrayList<>();
        addEmbeddings(config, all);
        for (int i = 0; i < config.layers(); i++) {
            addLayer(config, i, all);
        }
        if (config.preLayerNorm()) {
            addNorm("encoder.LayerNorm", config.hiddenSize(), all);
        }
        addHead(config, task, labels, all);
        return all;
    }

    private static void addEmbeddings(LongformerConfig config, List<ExpectedTensor> all) {
        long h = config.hiddenSize();
        all.add(ExpectedTensor.required(WORDS, config.vocabSize(), h));
        all.add(
                ExpectedTensor.required(
                        "embeddings.position_embeddings.weight",
                        config.maxPositionEmbeddings(),
                        h));
        all.add(
                ExpectedTensor.required(
                        "embeddings.token_type_embeddings.weight", config.typeVocabSize(), h));
        addNorm("embeddings.LayerNorm", h, all);
    }

    private static void addLayer(LongformerConfig config, int layer, List<ExpectedTensor> all) {
        long h = config.hiddenSize();
        long wide = config.intermediateSize();
        String name = "encoder.layer." + layer;
        for (String part : List.of("query", "key", "value")) {
            addLinear(name + ATTENTION + part, h, h, all);
            if (config.hasGlobalAttention()) {
                addLinear(name + ATTENTION + part + "_global", h, h, all);
            }
        }
        if (config.offsetBias()) {
            all.add(
                    ExpectedTensor.required(
                            name + ATTENTION + "offset_bias",
                            config.heads(),
                            config.pattern(layer).biasColumns()));
        }
        addLinear(name + ".attention.output.dense", h, h, all);
        addNorm(name + ".attention.output.LayerNorm", h, all);
        addLinear(name + ".intermediate.dense", wide, h, all);
        addLinear(name + ".output.dense", h, wide, all);
        addNorm(name + ".output.LayerNorm", h, all);
    }

    private static void addHead(
            LongformerConfig config, Task task, long labels, List<ExpectedTensor> all) {
        long h = config.hiddenSize();
        List<ExpectedTensor> pooler = new ArrayList<>();
        addLinear("pooler.dense", h, h, pooler);
        if (task == Task.MULTIPLE_CHOICE) {
            all.addAll(pooler);
        } else {
            pooler.forEach(tensor -> all.add(tensor.optional()));
        }
        switch (task) {
            case ENCODER -> {}
            case MASKED_LM -> {
                addLinear("lm_head.dense", h, h, all);
                addNorm("lm_head.layer_norm", h, all);
                all.add(ExpectedTensor.required("lm_head.bias", config.vocabSize()));
                all.add(ExpectedTensor.required(DECODER, config.vocabSize(), h).optional());
            }
            case SEQUENCE_CLASSIFICATION -> {
                addLinear("classifier.dense", h, h, all);
                addLinear("classifier.out_proj", labels, h, all);
            }
            case QUESTION_ANSWERING -> addLinear("qa_outputs", 2, h, all);
            case TOKEN_CLASSIFICATION -> addLinear("classifier", labels, h, all);
            case MULTIPLE_CHOICE -> addLinear("classifier", 1, h, all);
        }
    }

    private static void addLinear(String name, long out, long in, List<ExpectedTensor> all) {
        all.add(ExpectedTensor.required(name + ".weight", out, in));
        all.add(ExpectedTensor.required(name + ".bias", out));
    }

    private static void addNorm(String name, long width, List<ExpectedTensor> all) {
        all.add(ExpectedTensor.required(name + ".weight", width));
        all.add(ExpectedTensor.required(name + ".bias", width));
    }
}
