package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads ids by token, from {@code vocab.json} or out of {@code tokenizer.json}. */
final class Vocabulary {
    static final int LARGEST_ID = (1 << 24) - 1;

    private Vocabulary() {}

    /** The entries of {@code vocab.json}. */
    static Map<String, Integer> entries(JsonNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> tokens = new HashMap<>();
        vocabulary.properties().forEach(e -> put(e.getKey(), e.getValue(), ids, tokens));
        return ids;
    }

    /** The entries of {@code tokenizer.json}, added tokens included. */
    static Map<String, Integer> ofTokenizer(ObjectNode tokenizer) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (!vocabulary.isObject()) {
            throw new ModelInputException(
                    "model.vocab is not an object from token to id; a byte-pair tokenizer was"
                            + " expected, so check that it is a RoBERTa's");
        }
        Map<String, Integer> ids = entries(vocabulary);
        for (JsonNode added : tokenizer.path("added_tokens").values()) {
            String content = added.path("content").asString("");
            ids.put(content, id(content, added.get("id")));
        }
        return ids;
    }

    private static void put(
            String token, JsonNode value, Map<String, Integer> ids, Map<Integer, String> tokens) {
        int id = id(token, value);
        String twin = tokens.put(id, token);
        if (twin != null) {
            throw new ModelInputException(
                    "tokens "
                            + Quoted.of(twin)
                            + " and "
                            + Quoted.of(token)
                            + " share id "
                            + id
                            + "; ids must differ, so get the file again");
        }
        ids.put(token, id);
    }

    private static int id(String token, @Nullable JsonNode value) {
        if (value == null
                || !value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 0
                || value.intValue() > LARGEST_ID) {
            throw new ModelInputException(
                    "the id of token "
                            + Quoted.of(token)
                            + " is "
                            + Quoted.plain(String.valueOf(value))
                            + "; it must be a whole number from 0 to "
                            + LARGEST_ID);
        }
        return value.intValue();
    }
}
