package io.longspan.attention;

import java.util.regex.Pattern;

/** The rule for names of backends and of their options, in one place. */
public final class BackendName {
    private static final Pattern RULE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private BackendName() {}

    /** Whether a text is a name: 1 to 32 lower-case letters, digits and hyphens, a letter first. */
    public static boolean isValid(String name) {
        return RULE.matcher(name).matches() && !name.equals("auto");
    }

    /**
     * Returns the name when it is valid.
     *
     * @throws IllegalArgumentException naming what it is the name of, and the rule
     */
    public static String check(String what, String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    what
                            + " is '"
                            + name
                            + "'; it must be 1 to 32 lower-case letters, digits and hyphens, begin with a letter and not be 'auto'");
        }
        return name;
    }
}
