package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Refusals of settings, all in one form, and choices among names. */
final class Need {
    private Need() {}

    /** Refuses a number that is not allowed. */
    static void that(boolean holds, String key, Number value, String allowed) {
        if (!holds) {
            throw new ModelInputException(
                    "training setting '" + key + "' is " + value + "; it must be " + allowed);
        }
    }

    /** The word of a constant in a settings file. */
    static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant of a word. */
    static <E extends Enum<E>> E constant(String key, String wanted, E[] all) {
        return Arrays.stream(all)
                .filter(constant -> key(constant).equals(wanted.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "training setting '"
                                        + key
                                        + "' is "
                                        + Quoted.of(wanted)
                                        + "; it must be one of "
                                        + Arrays.stream(all)
                                                .map(Need::key)
                                                .collect(Collectors.joining(", "))));
    }
}
