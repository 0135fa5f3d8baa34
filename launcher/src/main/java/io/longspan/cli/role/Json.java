package io.longspan.cli.role;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON between the parts of the platform: one line, no surprises. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** A value as one line of JSON. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** A value as a tree. */
    public static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    /** An object as a map. */
    public static Map<String, Object> map(String json) {
        return MAPPER.readValue(json, new TypeReference<>() {});
    }
}
