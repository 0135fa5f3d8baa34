package io.longspan.model.config;

import io.longspan.model.InputJson;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes the JSON object of a configuration. */
final class ConfigWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ConfigWriter() {}

    static ObjectNode object(LongformerConfig config) {
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        config.extra().forEach((key, json) -> fields.put(key, InputJson.mapper().readTree(json)));
        putSizes(config, fields);
        putAttention(config, fields);
        putTask(config, fields);
        ObjectNode object = NODES.objectNode();
        fields.forEach(object::set);
        return object;
    }

    private static void putSizes(LongformerConfig config, SortedMap<String, JsonNode> fields) {
        fields.put(Keys.MODEL_TYPE, NODES.stringNode(config.modelType().key()));
        fields.put(Keys.VOCAB, NODES.numberNode(config.vocabSize()));
        fields.put(Keys.HIDDEN, NODES.numberNode(config.hiddenSize()));
        fields.put(Keys.LAYERS, NODES.numberNode(config.layers()));
        fields.put(Keys.HEADS, NODES.numberNode(config.heads()));
        fields.put(Keys.INTERMEDIATE, NODES.numberNode(config.intermediateSize()));
        fields.put(Keys.POSITIONS, NODES.numberNode(config.maxPositionEmbeddings()));
        fields.put(Keys.TYPES, NODES.numberNode(config.typeVocabSize()));
        fields.put(Keys.EPS, NODES.numberNode(config.layerNormEps()));
        fields.put(Keys.ACTIVATION, NODES.stringNode("gelu"));
        fields.put(Keys.HIDDEN_DROPOUT, NODES.numberNode(config.hiddenDropout()));
        fields.put(Keys.ATTENTION_DROPOUT, NODES.numberNode(config.attentionDropout()));
        fields.put(Keys.INITIALIZER, NODES.numberNode(config.initializerRange()));
        fields.put(Keys.PAD, NODES.numberNode(config.ids().pad()));
        fields.put(Keys.BOS, NODES.numberNode(config.ids().bos()));
        fields.put(Keys.EOS, NODES.numberNode(config.ids().eos()));
        fields.put(Keys.TIED, NODES.booleanNode(config.tiedWordEmbeddings()));
        if (!config.modelType().dense() || config.ids().sep() != config.ids().eos()) {
            fields.put(Keys.SEP, NODES.numberNode(config.ids().sep()));
        }
    }

    private static void putAttention(LongformerConfig config, SortedMap<String, JsonNode> fields) {
        List<LayerAttention> attention = config.attention();
        if (attention.isEmpty()) {
            return;
        }
        if (!attention.stream().allMatch(LayerAttention::symmetric)) {
            ArrayNode layers = NODES.arrayNode();
            attention.forEach(layer -> layers.add(pairs(layer)));
            fields.put(Keys.REACH_PER_HEAD, layers);
        } else if (attention.stream().allMatch(LayerAttention::sameWindow)) {
            fields.put(
                    Keys.WINDOW, numbers(attention.stream().map(LayerAttention::widest).toList()));
        } else {
            fields.put(Keys.WINDOW_PER_HEAD, lists(attention, LayerAttention::windows));
        }
        if (attention.stream().anyMatch(LayerAttention::dilated)) {
            fields.put(Keys.DILATION_PER_HEAD, lists(attention, LayerAttention::dilations));
        }
        putWhenOn(fields, Keys.CAUSAL, config.causal());
        putWhenOn(fields, Keys.OFFSET_BIAS, config.offsetBias());
        putWhenOn(fields, Keys.PRE_LAYER_NORM, config.preLayerNorm());
    }

    private static void putTask(LongformerConfig config, SortedMap<String, JsonNode> fields) {
        if (!config.architectures().isEmpty()) {
            ArrayNode names = NODES.arrayNode();
            config.architectures().forEach(names::add);
            fields.put(Keys.ARCHITECTURES, names);
        }
        List<String> labels = config.labels();
        if (!labels.isEmpty()) {
            ObjectNode byId = NODES.objectNode();
            ObjectNode byLabel = NODES.objectNode();
            for (int i = 0; i < labels.size(); i++) {
                byId.put(Integer.toString(i), labels.get(i));
                byLabel.put(labels.get(i), i);
            }
            fields.put(Keys.ID_TO_LABEL, byId);
            fields.put(Keys.LABEL_TO_ID, byLabel);
        }
        if (config.problemType() != null) {
            fields.put(Keys.PROBLEM, NODES.stringNode(config.problemType()));
        }
    }

    private static void putWhenOn(SortedMap<String, JsonNode> fields, String key, boolean on) {
        if (on) {
            fields.put(key, NODES.booleanNode(true));
        }
    }

    private static ArrayNode lists(
            List<LayerAttention> attention, Function<LayerAttention, List<Integer>> part) {
        ArrayNode lists = NODES.arrayNode();
        attention.forEach(layer -> lists.add(numbers(part.apply(layer))));
        return lists;
    }

    private static ArrayNode pairs(LayerAttention layer) {
        ArrayNode heads = NODES.arrayNode();
        for (int h = 0; h < layer.heads(); h++) {
            heads.add(numbers(List.of(layer.left().get(h), layer.right().get(h))));
        }
        return heads;
    }

    private static ArrayNode numbers(List<Integer> values) {
        ArrayNode list = NODES.arrayNode();
        values.forEach(list::add);
        return list;
    }
}
