package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a configuration of one JSON object. */
final class ConfigReader {
    private final JsonFields fields;

    ConfigReader(ObjectNode object) {
        fields = new JsonFields(object);
    }

    LongformerConfig read() {
        OriginalFlavour original = OriginalFlavour.of(fields);
        ModelType family = family(original);
        refuseOtherArithmetic();
        int layers = fields.integer(Keys.LAYERS);
        int heads = fields.integer(Keys.HEADS);
        // Lists are made of these two before the configuration itself is checked.
        Checks.range(Keys.LAYERS, layers, 1, Checks.LARGEST_COUNT);
        Checks.range(Keys.HEADS, heads, 1, Checks.LARGEST_COUNT);
        boolean causal = fields.flag(Keys.CAUSAL, false);
        List<LayerAttention> attention = List.of();
        if (!family.dense()) {
            attention = new AttentionReader(fields, family, original, layers, heads).read();
            causal |= original.causal();
        }
        LongformerConfigBuilder config =
                new LongformerConfigBuilder(typeInUse(family, original, attention))
                        .vocabSize(fields.integer(Keys.VOCAB))
                        .hiddenSize(fields.integer(Keys.HIDDEN))
                        .layers(layers)
                        .heads(heads)
                        .intermediateSize(fields.integer(Keys.INTERMEDIATE))
                        .maxPositionEmbeddings(fields.integer(Keys.POSITIONS))
                        .typeVocabSize(fields.integer(Keys.TYPES))
                        .layerNormEps(fields.number(Keys.EPS))
                        .dropout(
                                fields.number(Keys.HIDDEN_DROPOUT),
                                fields.number(Keys.ATTENTION_DROPOUT))
                        .initializerRange(fields.number(Keys.INITIALIZER))
                        .ids(ids(family))
                        .attention(attention)
                        .causal(causal)
                        .offsetBias(fields.flag(Keys.OFFSET_BIAS, false))
                        .preLayerNorm(fields.flag(Keys.PRE_LAYER_NORM, false))
                        .tiedWordEmbeddings(fields.flag(Keys.TIED, true))
                        .architectures(fields.texts(Keys.ARCHITECTURES))
                        .labels(LabelReader.labels(fields))
                        .problemType(fields.text(Keys.PROBLEM));
        // Last, when every known key has been asked for.
        return config.extra(fields.rest()).build();
    }

    private ModelType family(OriginalFlavour original) {
        String name = fields.text(Keys.MODEL_TYPE);
        if (name == null) {
            if (original.present()) {
                return ModelType.LONGFORMER;
            }
            fields.require(Keys.MODEL_TYPE);
        }
        return switch (String.valueOf(name)) {
            case "longformer" -> ModelType.LONGFORMER;
            case "roberta" -> denseOrLongformer(ModelType.ROBERTA, original);
            case "xlm-roberta" -> denseOrLongformer(ModelType.XLM_ROBERTA, original);
            case "bert" -> bert(original);
            case "longspan" -> {
                original.refuseIn(ModelType.LONGSPAN);
                yield ModelType.LONGSPAN;
            }
            default ->
                    throw new ModelInputException(
                            "model_type is "
                                    + Quoted.of(String.valueOf(name))
                                    + "; this version reads longformer, roberta, xlm-roberta, bert, longspan");
        };
    }

    private ModelType denseOrLongformer(ModelType dense, OriginalFlavour original) {
        return original.present() || original.causal() || fields.has(Keys.WINDOW)
                ? ModelType.LONGFORMER
                : dense;
    }

    private ModelType bert(OriginalFlavour original) {
        if (original.present() || original.causal() || fields.has(Keys.WINDOW)) {
            throw new ModelInputException(
                    "model_type is bert and attention_window or attention_dilation, attention_mode"
                            + " or autoregressive is given; a BERT has no windows, so remove them,"
                            + " or set model_type to longformer");
        }
        return ModelType.BERT;
    }

    private static ModelType typeInUse(
            ModelType family, OriginalFlavour original, List<LayerAttention> attention) {
        boolean extended =
                original.causal()
                        || (original.present()
                                && attention.stream().anyMatch(LayerAttention::dilated));
        return family == ModelType.LONGFORMER && extended ? ModelType.LONGSPAN : family;
    }

    private SpecialIds ids(ModelType family) {
        if (family == ModelType.BERT) {
            // BERT's files name the pad only; these are the rest in every published vocabulary.
            int end = fields.integer(Keys.EOS, SpecialIds.BERT.eos());
            return new SpecialIds(
                    fields.integer(Keys.PAD, SpecialIds.BERT.pad()),
                    fields.integer(Keys.BOS, SpecialIds.BERT.bos()),
                    end,
                    fields.integer(Keys.SEP, end));
        }
        int eos = fields.integer(Keys.EOS);
        // RoBERTa's files do not name the separator; its tokenizer separates with the end token.
        return new SpecialIds(
                fields.integer(Keys.PAD),
                fields.integer(Keys.BOS),
                eos,
                fields.integer(Keys.SEP, eos));
    }

    private void refuseOtherArithmetic() {
        JsonNode activation = fields.require(Keys.ACTIVATION);
        if (!"gelu".equals(activation.isString() ? activation.stringValue() : "")) {
            throw JsonFields.wrong(
                    Keys.ACTIVATION, activation, "gelu, the exact one; choose another checkpoint");
        }
        JsonFields kept = fields.aside();
        String positions = kept.text("position_embedding_type");
        if (positions != null && !positions.equals("absolute")) {
            throw new ModelInputException(
                    "position_embedding_type is "
                            + Quoted.of(positions)
                            + "; it must be absolute, so choose another checkpoint");
        }
        for (String key : List.of("is_decoder", "add_cross_attention")) {
            if (kept.flag(key, false)) {
                throw new ModelInputException(
                        key + " is true; this version reads encoders, so it must be false");
            }
        }
    }
}
