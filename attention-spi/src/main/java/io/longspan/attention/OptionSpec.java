package io.longspan.attention;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option that a backend understands, set by {@code
 * longspan.attention.options.<backend>.<name>}. Options tune; they never change an answer beyond
 * the kit's tolerance.
 *
 * @param name lower-case letters, digits and hyphens
 * @param kind how the text is read
 * @param defaultValue used when the option is not set, in the same text form
 * @param choices the allowed texts of a {@link Kind#CHOICE}; empty otherwise
 * @param description one sentence for people
 */
public record OptionSpec(
        String name, Kind kind, String defaultValue, List<String> choices, String description) {
    /** How an option's text is read. */
    public enum Kind {
        /** true or false. */
        FLAG,
        /** A whole number, 0 or more. */
        COUNT,
        /** One of the listed texts. */
        CHOICE
    }

    /** Checks the parts and that the default is itself allowed. */
    public OptionSpec {
        choices = List.copyOf(choices);
        BackendName.check("option name", name);
        String fault = fault(kind, choices, defaultValue);
        if (fault != null) {
            throw new IllegalArgumentException(
                    "default of option '" + name + "' is '" + defaultValue + "'; " + fault);
        }
    }

    /** What is wrong with a text for this option, or null when nothing is. */
    public @Nullable String fault(String value) {
        return fault(kind, choices, value);
    }

    private static @Nullable String fault(Kind kind, List<String> choices, String value) {
        return switch (kind) {
            case FLAG ->
                    value.equals("true") || value.equals("false") ? null : "allowed: true, false";
            case COUNT ->
                    value.matches("[0-9]{1,9}")
                            ? null
                            : "allowed: a whole number from 0 to 999999999";
            case CHOICE ->
                    choices.contains(value) ? null : "allowed: " + String.join(", ", choices);
        };
    }
}
