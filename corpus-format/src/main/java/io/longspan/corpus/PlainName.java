package io.longspan.corpus;

import java.util.regex.Pattern;

/** Names that stay in their folder on every platform. */
final class PlainName {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    private PlainName() {}

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException when it holds anything but letters, digits, dot, underscore
     *     and hyphen
     */
    static String check(String what, String name) {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what
                            + " is '"
                            + Shown.of(name)
                            + "'; 1 to 200 of A-Z, a-z, 0-9, dot, underscore and hyphen are"
                            + " allowed, with a letter or digit first");
        }
        return name;
    }
}
