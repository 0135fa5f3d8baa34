package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads windows or reaches, and dilations, per layer or per layer and head. */
final class AttentionReader {
    private final JsonFields fields;
    private final ModelType family;
    private final OriginalFlavour original;
    private final int layers;
    private final int heads;

    AttentionReader(
            JsonFields fields, ModelType family, OriginalFlavour original, int layers, int heads) {
        this.fields = fields;
        this.family = family;
        this.original = original;
        this.layers = layers;
        this.heads = heads;
    }

    List<LayerAttention> read() {
        List<String> given =
                Stream.of(Keys.WINDOW, Keys.WINDOW_PER_HEAD, Keys.REACH_PER_HEAD)
                        .filter(fields::has)
                        .toList();
        if (given.size() > 1) {
            throw new ModelInputException(
                    String.join(" and ", given)
                            + " are "
                            + (given.size() == 2 ? "both" : "all")
                            + " given; keep one");
        }
        List<List<Integer>> dilations = dilations();
        List<LayerAttention> attention = new ArrayList<>();
        if (given.contains(Keys.REACH_PER_HEAD)) {
            List<List<JsonNode>> reaches = perHead(Keys.REACH_PER_HEAD);
            for (int i = 0; i < layers; i++) {
                List<List<Integer>> pairs =
                        reaches.get(i).stream().map(AttentionReader::pair).toList();
                attention.add(
                        new LayerAttention(
                                pairs.stream().map(List::getFirst).toList(),
                                pairs.stream().map(List::getLast).toList(),
                                dilations.get(i)));
            }
            return attention;
        }
        List<List<Integer>> windows = windows();
        for (int i = 0; i < layers; i++) {
            attention.add(new LayerAttention(windows.get(i), dilations.get(i)));
        }
        return attention;
    }

    private List<List<Integer>> windows() {
        return fields.has(Keys.WINDOW_PER_HEAD)
                ? numbersPerHead(Keys.WINDOW_PER_HEAD)
                : spread(Keys.WINDOW, perLayer(Keys.WINDOW), original.present() ? 2 : 1);
    }

    /** Steps to the left, steps to the right. */
    private static List<Integer> pair(JsonNode value) {
        List<Integer> found = JsonFields.integers(Keys.REACH_PER_HEAD, value);
        checkLength(
                Keys.REACH_PER_HEAD,
                found.size(),
                "entries for a head",
                2,
                "a reach is [left, right]; their number");
        return found;
    }

    private List<List<Integer>> dilations() {
        if (fields.has(Keys.DILATION_PER_HEAD)) {
            return numbersPerHead(Keys.DILATION_PER_HEAD);
        }
        if (fields.has(Keys.ORIGINAL_DILATION)) {
            return spread(Keys.ORIGINAL_DILATION, perLayer(Keys.ORIGINAL_DILATION), 1);
        }
        return Collections.nCopies(layers, Collections.nCopies(heads, 1));
    }

    private List<Integer> perLayer(String key) {
        JsonNode value = fields.require(key);
        if (!value.isArray()) {
            return Collections.nCopies(layers, JsonFields.integer(key, value));
        }
        List<Integer> found = JsonFields.integers(key, value);
        checkLength(key, found.size(), "entries", layers, Keys.LAYERS);
        return found;
    }

    private List<List<Integer>> spread(String key, List<Integer> perLayer, int factor) {
        List<List<Integer>> found = new ArrayList<>();
        for (int value : perLayer) {
            Checks.range(key, value, 1, Checks.LARGEST_WINDOW);
            found.add(Collections.nCopies(heads, value * factor));
        }
        return found;
    }

    private List<List<Integer>> numbersPerHead(String key) {
        return perHead(key).stream()
                .map(layer -> layer.stream().map(entry -> JsonFields.integer(key, entry)).toList())
                .toList();
    }

    private List<List<JsonNode>> perHead(String key) {
        JsonNode value = fields.require(key);
        if (family != ModelType.LONGSPAN) {
            throw new ModelInputException(
                    key
                            + " is given and model_type is "
                            + family.key()
                            + "; only model_type longspan has it");
        }
        String wanted = "a list with one list per layer";
        List<List<JsonNode>> found = new ArrayList<>();
        for (JsonNode layer : JsonFields.entries(key, value, wanted)) {
            List<JsonNode> entries = JsonFields.entries(key, layer, wanted);
            checkLength(key, entries.size(), "entries in a layer", heads, Keys.HEADS);
            found.add(entries);
        }
        checkLength(key, found.size(), "lists", layers, Keys.LAYERS);
        return found;
    }

    private static void checkLength(
            String key, int found, String what, int expected, String reason) {
        if (found != expected) {
            throw new ModelInputException(
                    key
                            + " has "
                            + found
                            + " "
                            + what
                            + "; "
                            + reason
                            + " is "
                            + expected
                            + ", so give "
                            + expected);
        }
    }
}
