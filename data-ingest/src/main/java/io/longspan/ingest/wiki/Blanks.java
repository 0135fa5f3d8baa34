package io.longspan.ingest.wiki;

/** Spaces, tabs and no-break spaces within lines. */
final class Blanks {
    private static final String STOPS = ",.;";
    private static final String SPACES = " \t\n\u000B\f\r";
    private static final String ENDS = "\u0085\u2028\u2029";

    private Blanks() {}

    /** Of several blanks one space stays, and none before a comma or a stop that ends a word. */
    static String single(String text) {
        StringBuilder out = null;
        int kept = 0;
        int at = 0;
        while (at < text.length()) {
            if (!blank(text.charAt(at))) {
                at++;
                continue;
            }
            int end = behind(text, at);
            boolean many = end - at > 1;
            boolean hung = (many || text.charAt(at) != '\u00A0') && stop(text, end);
            if (many || hung) {
                out = out == null ? new StringBuilder(text.length()) : out;
                out.append(text, kept, at).append(hung ? "" : " ");
                kept = end;
            }
            at = end;
        }
        return out == null ? text : out.append(text, kept, text.length()).toString();
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\u00A0';
    }

    private static int behind(String text, int from) {
        int at = from;
        while (at < text.length() && blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether a comma or stop stands there, and white space or the end behind it. */
    private static boolean stop(String text, int at) {
        if (at == text.length() || STOPS.indexOf(text.charAt(at)) < 0) {
            return false;
        }
        int next = at + 1;
        if (next == text.length() || SPACES.indexOf(text.charAt(next)) >= 0) {
            return true;
        }
        return behind(text, next) - next > 1
                || (next + 1 == text.length() && ENDS.indexOf(text.charAt(next)) >= 0);
    }
}
