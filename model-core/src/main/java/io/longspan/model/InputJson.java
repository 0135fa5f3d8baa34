package io.longspan.model;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Strict JSON of a user: no duplicate keys, nothing after the end. Thread-safe. */
public final class InputJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private InputJson() {}

    /** The mapper behind it, for making nodes and for streaming. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * Parses a JSON object.
     *
     * @throws ModelInputException when the bytes are no JSON or no object
     */
    public static ObjectNode object(byte[] json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw refusal(e);
        }
        if (node instanceof ObjectNode found) {
            return found;
        }
        throw new ModelInputException("this is JSON but no JSON object; check the file");
    }

    /** What a parser's complaint becomes. */
    public static ModelInputException refusal(JacksonException e) {
        return new ModelInputException(
                "this is not valid JSON ("
                        + Quoted.plain(String.valueOf(e.getOriginalMessage()))
                        + "); repair or replace it",
                e);
    }

    /** JSON text over several lines, the same on every platform, with a line feed at the end. */
    public static String text(JsonNode node) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                        .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        return MAPPER.writer().with(printer).writeValueAsString(node) + "\n";
    }
}
