package io.longspan.serving;

import io.longspan.model.Quoted;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model to serve.
 *
 * @param name under which clients ask for it: letters, digits, dot, hyphen and underscore, 1 to
 *     100, a letter or digit first
 * @param version never changes its meaning, written with the same characters; empty is the first
 *     twelve hex digits of the SHA-256 of the weights
 * @param folder of the checkpoint, with its tokenizer
 */
public record ServedModelSpec(String name, Optional<String> version, Path folder) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * Checks the names.
     *
     * @throws ServingException when one is not allowed
     */
    public ServedModelSpec {
        checkName("model name", name);
        version.ifPresent(given -> checkName("version of model '" + name + "'", given));
    }

    /**
     * Checks the name of something.
     *
     * @param what it is, for the message
     * @throws ServingException when it is not allowed
     */
    public static void checkName(String what, String text) {
        if (!WORD.matcher(text).matches()) {
            throw new ServingException(
                    what
                            + " is '"
                            + Quoted.plain(text)
                            + "'; it must be 1 to 100 letters, digits, dots, hyphens or underscores and begin with a letter or digit");
        }
    }
}
