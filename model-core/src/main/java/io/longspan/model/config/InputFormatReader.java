package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads and writes how texts are put before a model. */
final class InputFormatReader {
    private InputFormatReader() {}

    static InputFormat read(JsonFields fields) {
        return new InputFormat(
                policy(fields.find(Keys.GLOBAL_TOKENS)),
                fields.integer(Keys.PAIR_SEPARATORS, InputFormat.DEFAULT.pairSeparators()));
    }

    static void put(InputFormat format, SortedMap<String, JsonNode> fields) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (format.globalTokens()) {
            case null -> {}
            case GlobalPolicy.Named named ->
                    fields.put(Keys.GLOBAL_TOKENS, nodes.stringNode(named.key()));
            case GlobalPolicy.Positions positions -> {
                ArrayNode places = nodes.arrayNode();
                positions.places().forEach(places::add);
                fields.put(Keys.GLOBAL_TOKENS, places);
            }
        }
        if (format.pairSeparators() != InputFormat.DEFAULT.pairSeparators()) {
            fields.put(Keys.PAIR_SEPARATORS, nodes.numberNode(format.pairSeparators()));
        }
    }

    private static @Nullable GlobalPolicy policy(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        try {
            return value.isString()
                    ? GlobalPolicy.parse(value.stringValue())
                    : new GlobalPolicy.Positions(JsonFields.integers(Keys.GLOBAL_TOKENS, value));
        } catch (ModelInputException e) {
            throw new ModelInputException(Keys.GLOBAL_TOKENS + ": " + e.getMessage(), e);
        }
    }
}
