package io.longspan.cli.term;

import java.util.Locale;

/** Texts that came from a model or a client, fit for one line of a terminal. */
public final class Printable {
    private Printable() {}

    /** Lines of JSON: what is a control character and no line feed does nothing. */
    public static String lines(String json) {
        StringBuilder safe = new StringBuilder();
        json.codePoints()
                .forEach(c -> {
                    if (c != '\n' && Character.isISOControl(c)) {
                        safe.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        safe.appendCodePoint(c);
                    }
                });
        return safe.toString();
    }

    /**
     * The text in quotes, with control characters as Java writes them, so that a line feed does not
     * break a table and an escape sequence does nothing.
     */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> quoted.append("\\n");
                        case '\r' -> quoted.append("\\r");
                        case '\t' -> quoted.append("\\t");
                        default -> {
                            if (Character.isISOControl(c)) {
                                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
                            } else {
                                quoted.appendCodePoint(c);
                            }
                        }
                    }
                });
        return quoted.append("'").toString();
    }
}
