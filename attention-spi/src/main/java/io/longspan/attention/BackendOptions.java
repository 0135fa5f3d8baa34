package io.longspan.attention;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of one backend, checked against its declarations: every declared option has a valid
 * value. Immutable.
 */
public final class BackendOptions {
    private final Map<String, String> values;

    private BackendOptions(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Checks texts against declarations and fills in defaults.
     *
     * @throws AttentionConfigurationException naming the option, its value and what is allowed
     */
    public static BackendOptions of(
            String backend, List<OptionSpec> specs, Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec spec : specs) {
            String value = given.getOrDefault(spec.name(), spec.defaultValue());
            String fault = spec.fault(value);
            if (fault != null) {
                throw new AttentionConfigurationException(
                        "option '"
                                + spec.name()
                                + "' of attention backend '"
                                + backend
                                + "' is '"
                                + value
                                + "'; "
                                + fault);
            }
            values.put(spec.name(), value);
        }
        for (String name : given.keySet()) {
            if (!values.containsKey(name)) {
                throw new AttentionConfigurationException(
                        "attention backend '"
                                + backend
                                + "' has no option '"
                                + name
                                + "'; it has "
                                + (values.isEmpty() ? "none" : String.join(", ", values.keySet())));
            }
        }
        return new BackendOptions(values);
    }

    /** The value of a {@link OptionSpec.Kind#FLAG}. */
    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    /** The value of a {@link OptionSpec.Kind#COUNT}. */
    public int count(String name) {
        return Integer.parseInt(text(name));
    }

    /** The value of any option as text. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "option '" + name + "' was not declared; declared: " + values.keySet());
        }
        return value;
    }

    /** All values by name, in the order of declaration, read-only. */
    public Map<String, String> asMap() {
        return Map.copyOf(values);
    }
}
