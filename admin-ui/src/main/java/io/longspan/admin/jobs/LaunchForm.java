package io.longspan.admin.jobs;

import io.longspan.admin.page.Refused;
import io.longspan.store.work.WorkKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.util.MultiValueMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The settings of a request as fields for people: the usual ones each, all others as JSON.
 *
 * @param fields the usual ones
 * @param more all others
 */
public record LaunchForm(List<Field> fields, String more) {
    private static final List<String> CORPORA =
            List.of(
                    "text",
                    "books",
                    "bookcorpusopen",
                    "bookcorpus",
                    "wikipedia",
                    "realnews",
                    "stories",
                    "jsonl",
                    "parquet");
    private static final List<Field> INGEST =
            List.of(
                    new Field("corpus", true, CORPORA, false, false, ""),
                    new Field("source", true, List.of(), true, false, ""),
                    new Field("out", true, List.of(), false, false, ""),
                    new Field("tokenizer", true, List.of(), false, false, ""),
                    new Field("name", false, List.of(), false, false, ""),
                    new Field("workers", false, List.of(), false, true, ""));
    private static final List<Field> TRAIN =
            List.of(
                    new Field("objective", false, List.of(), false, false, ""),
                    new Field("model", true, List.of(), false, false, ""),
                    new Field("data", true, List.of(), false, false, ""),
                    new Field("output", true, List.of(), false, false, ""),
                    new Field("steps", false, List.of(), false, true, ""),
                    new Field("sequence_length", false, List.of(), false, true, ""),
                    new Field("tokens_per_step", false, List.of(), false, true, ""),
                    new Field("learning_rate", false, List.of(), false, true, ""),
                    new Field("seed", false, List.of(), false, true, ""));

    /**
     * One field.
     *
     * @param name of the setting
     * @param required whether it has to be given
     * @param choices what it may be; empty for anything
     * @param lines whether each line is a value of its own
     * @param numeric whether it is a number
     * @param value that stands in it
     */
    public record Field(
            String name,
            boolean required,
            List<String> choices,
            boolean lines,
            boolean numeric,
            String value) {
        private Field with(String other) {
            return new Field(name, required, choices, lines, numeric, other);
        }
    }

    private static List<Field> of(WorkKind kind) {
        return kind == WorkKind.INGEST ? INGEST : TRAIN;
    }

    /** Nothing filled in. */
    static LaunchForm empty(WorkKind kind) {
        return new LaunchForm(of(kind), "{}");
    }

    /** Filled in as an earlier request asked for it. */
    static LaunchForm of(WorkKind kind, String payload, ObjectMapper mapper) {
        JsonNode all = mapper.readTree(payload);
        if (!(all instanceof ObjectNode rest)) {
            return empty(kind);
        }
        List<Field> fields = new ArrayList<>();
        for (Field field : of(kind)) {
            fields.add(field.with(text(rest.remove(field.name()))));
        }
        return new LaunchForm(
                fields, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rest));
    }

    private static String text(JsonNode value) {
        return value == null
                ? ""
                : value.isArray()
                        ? value.values().stream()
                                .map(JsonNode::asString)
                                .collect(Collectors.joining("\n"))
                        : value.asString();
    }

    /** As it was sent, to be shown again. */
    static LaunchForm sent(WorkKind kind, MultiValueMap<String, String> form) {
        return new LaunchForm(
                of(kind).stream().map(f -> f.with(value(form, f.name()))).toList(),
                value(form, "more"));
    }

    private static String value(Map<String, List<String>> form, String name) {
        return Optional.ofNullable(form.get(name)).map(List::getFirst).orElse("").strip();
    }

    /**
     * The request's payload.
     *
     * @throws Refused saying in one sentence what is missing or wrong
     */
    ObjectNode payload(ObjectMapper mapper) {
        ObjectNode json = rest(mapper);
        for (Field field : fields) {
            if (field.value().isEmpty()) {
                if (field.required()) {
                    throw new Refused("'" + field.name() + "' is empty; it has to be given.");
                }
            } else if (json.has(field.name())) {
                throw new Refused(
                        "'"
                                + field.name()
                                + "' stands in its field and among the other settings; give it once.");
            } else if (!field.choices().isEmpty() && !field.choices().contains(field.value())) {
                throw new Refused(
                        "'"
                                + field.name()
                                + "' is '"
                                + field.value()
                                + "'; it must be one of "
                                + field.choices()
                                + ".");
            } else {
                put(json, field);
            }
        }
        return json;
    }

    private ObjectNode rest(ObjectMapper mapper) {
        String text = more.isBlank() ? "{}" : more;
        try {
            if (mapper.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new Refused(
                    "The other settings are not valid JSON (" + e.getOriginalMessage() + ").");
        }
        throw new Refused("The other settings must be a JSON object, such as {\"seed\": 1}.");
    }

    private static void put(ObjectNode json, Field field) {
        if (field.numeric()) {
            try {
                json.put(field.name(), new BigDecimal(field.value()));
            } catch (NumberFormatException e) {
                throw new Refused(
                        "'" + field.name() + "' is '" + field.value() + "'; it must be a number.");
            }
        } else if (field.lines() && field.value().contains("\n")) {
            ArrayNode values = json.putArray(field.name());
            field.value().lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(values::add);
        } else {
            json.put(field.name(), field.value());
        }
    }
}
