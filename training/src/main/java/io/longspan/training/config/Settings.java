package io.longspan.training.config;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads typed values out of a map as YAML or JSON gives it. */
public final class Settings {
    private final Map<String, Object> values;

    /** Takes the map; every key has to be known. */
    public Settings(Map<String, Object> values, List<String> known) {
        this.values = values;
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                String nearest =
                        known.stream()
                                .min(Comparator.comparingInt(name -> distance(key, name)))
                                .orElseThrow();
                throw new ModelInputException(
                        "training setting "
                                + Quoted.of(key)
                                + " is not known; the nearest known one is '"
                                + nearest
                                + "'");
            }
        }
    }

    @Nullable String text(String key) {
        Object value = values.get(key);
        if (value instanceof Map || value instanceof List) {
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' is "
                            + Quoted.of(value.toString())
                            + "; it must be a single value");
        }
        return value == null ? null : value.toString();
    }

    public String required(String key) {
        String value = text(key);
        if (value == null || value.isBlank()) {
            throw new ModelInputException(
                    "training setting '" + key + "' is missing; add it to the configuration");
        }
        return value;
    }

    /** Several texts: a list, the text of a JSON list as {@link #text(List)} makes it, or one. */
    public List<String> list(String key) {
        Object value = values.get(key);
        if (value instanceof List<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        String text = text(key);
        if (text == null) {
            return List.of();
        }
        if (!text.startsWith("[")) {
            return List.of(text);
        }
        try {
            JsonNode parsed = InputJson.mapper().readTree(text);
            return StreamSupport.stream(parsed.spliterator(), false)
                    .map(JsonNode::asString)
                    .toList();
        } catch (JacksonException e) {
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' is "
                            + Quoted.of(text)
                            + "; it must be a list of texts",
                    e);
        }
    }

    /**
     * Several things with settings of their own: a list of maps, or the text of a JSON list of
     * them. A text in the list, or instead of it, is a map of one key.
     *
     * @param known keys of the maps
     * @param only the key of a text
     */
    List<Settings> entries(String key, List<String> known, String only) {
        Object value = values.get(key);
        if (value instanceof String text && text.startsWith("[")) {
            try {
                value = InputJson.mapper().readValue(text, Object.class);
            } catch (JacksonException e) {
                throw notEntries(key, text, only, e);
            }
        }
        if (value == null) {
            return List.of();
        }
        List<?> several = value instanceof List<?> list ? list : List.of(value);
        if (several.isEmpty()) {
            throw notEntries(key, "[]", only, null);
        }
        List<Settings> entries = new ArrayList<>();
        for (Object entry : several) {
            Map<String, Object> own = new TreeMap<>();
            if (entry instanceof Map<?, ?> map) {
                map.forEach((name, setting) -> {
                    if (setting != null) {
                        own.put(String.valueOf(name), setting);
                    }
                });
            } else if (entry instanceof String text) {
                own.put(only, text);
            } else {
                throw notEntries(key, String.valueOf(entry), only, null);
            }
            entries.add(new Settings(own, known));
        }
        return List.copyOf(entries);
    }

    private static ModelInputException notEntries(
            String key, String value, String only, @Nullable Throwable cause) {
        String message =
                "training setting '"
                        + key
                        + "' is "
                        + Quoted.of(value)
                        + "; it must be one "
                        + only
                        + ", or a list of entries that have one";
        return cause == null
                ? new ModelInputException(message)
                : new ModelInputException(message, cause);
    }

    /** A list as one text. */
    public static String text(List<String> several) {
        return InputJson.mapper().writeValueAsString(several);
    }

    public boolean choice(String key, boolean otherwise) {
        String value = text(key);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new ModelInputException(
                            "training setting '"
                                    + key
                                    + "' is "
                                    + Quoted.of(value)
                                    + "; it must be true or false");
        };
    }

    public double number(String key, double otherwise) {
        String value = text(key);
        return value == null ? otherwise : decimal(key, value).doubleValue();
    }

    public int count(String key, int otherwise) {
        long value = whole(key, otherwise);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' is "
                            + value
                            + "; it must be from 0 to "
                            + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    public long whole(String key, long otherwise) {
        String value = text(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return decimal(key, value).longValueExact();
        } catch (ArithmeticException e) {
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' is "
                            + Quoted.of(value)
                            + "; it must be a whole number",
                    e);
        }
    }

    private static BigDecimal decimal(String key, String value) {
        try {
            return new BigDecimal(value.strip());
        } catch (NumberFormatException e) {
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' is "
                            + Quoted.of(value)
                            + "; it must be a number",
                    e);
        }
    }

    /** Letters to put in, take out or change to get from one text to the other. */
    public static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
