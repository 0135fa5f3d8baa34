package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Typed access to the fields of one JSON object; remembers which were asked for. */
final class JsonFields {
    private final ObjectNode object;
    private final Set<String> known = new HashSet<>();

    JsonFields(ObjectNode object) {
        this.object = object;
    }

    /** A view that has remembered nothing yet, for looking at fields that are only kept. */
    JsonFields aside() {
        return new JsonFields(object);
    }

    /** The field's value, or null when it is absent or JSON null. */
    @Nullable JsonNode find(String key) {
        known.add(key);
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String key) {
        return find(key) != null;
    }

    JsonNode require(String key) {
        JsonNode value = find(key);
        if (value == null) {
            throw new ModelInputException(
                    key + " is missing; add it, because nothing is assumed about a checkpoint");
        }
        return value;
    }

    int integer(String key) {
        return integer(key, require(key));
    }

    int integer(String key, int whenAbsent) {
        JsonNode value = find(key);
        return value == null ? whenAbsent : integer(key, value);
    }

    double number(String key) {
        JsonNode value = require(key);
        if (!value.isNumber()) {
            throw wrong(key, value, "a number");
        }
        return value.doubleValue();
    }

    boolean flag(String key, boolean whenAbsent) {
        JsonNode value = find(key);
        if (value == null) {
            return whenAbsent;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    @Nullable String text(String key) {
        JsonNode value = find(key);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(key, value, "a text");
        }
        return value.stringValue();
    }

    List<String> texts(String key) {
        JsonNode value = find(key);
        if (value == null) {
            return List.of();
        }
        return list(key, value, "a list of texts", JsonNode::isString, JsonNode::stringValue);
    }

    static List<Integer> integers(String key, JsonNode value) {
        return list(key, value, "a list of whole numbers", JsonFields::isInt, JsonNode::intValue);
    }

    static List<JsonNode> entries(String key, JsonNode value, String wanted) {
        return list(key, value, wanted, node -> true, node -> node);
    }

    static int integer(String key, JsonNode value) {
        if (!isInt(value)) {
            throw wrong(key, value, "a whole number of at most " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    /** Every field that nobody asked for, as JSON text. */
    SortedMap<String, String> rest() {
        SortedMap<String, String> rest = new TreeMap<>();
        object.properties().stream()
                .filter(field -> !known.contains(field.getKey()))
                .forEach(field -> rest.put(field.getKey(), field.getValue().toString()));
        return rest;
    }

    static ModelInputException wrong(String key, JsonNode value, String wanted) {
        return new ModelInputException(
                key + " is " + Quoted.plain(value.toString()) + "; it must be " + wanted);
    }

    private static boolean isInt(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    private static <T> List<T> list(
            String key,
            JsonNode value,
            String wanted,
            Predicate<JsonNode> fits,
            Function<JsonNode, T> convert) {
        if (!value.isArray()) {
            throw wrong(key, value, wanted);
        }
        List<T> found = new ArrayList<>();
        for (JsonNode entry : value.values()) {
            if (!fits.test(entry)) {
                throw wrong(key, value, wanted);
            }
            found.add(convert.apply(entry));
        }
        return found;
    }
}
