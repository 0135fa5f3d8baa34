package io.longspan.ingest.wiki;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Resolves what stands in double brackets, in one pass however deeply it is nested: templates and
 * tables go, links become their labels.
 */
final class WikiBrackets {
    private static final Set<String> GONE =
            Set.of("file", "image", "media", "category", "special", "template");

    /** No article comes near; what is deeper is taken for text, so that time stays in bounds. */
    private static final int DEEPEST = 200;

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(?:-[a-z]{2,10})?");

    private final String text;
    private final StringBuilder out;
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    private WikiBrackets(String text) {
        this.text = text;
        out = new StringBuilder(text.length());
    }

    private enum Kind {
        TEMPLATE,
        TABLE,
        LINK
    }

    /** Something that was opened, and how long the output was then. */
    private record Open(Kind kind, int start) {}

    static String resolve(String text) {
        WikiBrackets brackets = new WikiBrackets(text);
        brackets.run();
        return brackets.out.toString();
    }

    private void run() {
        boolean lineStart = true;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int plain = at;
            while (!special(c)) {
                lineStart = c == '\n' || (lineStart && (c == ' ' || c == '\t' || c == ':'));
                if (++at == text.length()) {
                    break;
                }
                c = text.charAt(at);
            }
            if (at > plain) {
                out.append(text, plain, at);
                continue;
            }
            if (text.startsWith("{{", at)) {
                at += begin(Kind.TEMPLATE);
            } else if (lineStart && text.startsWith("{|", at)) {
                at += begin(Kind.TABLE);
            } else if (text.startsWith("[[", at)) {
                at += begin(Kind.LINK);
            } else if (lineStart
                    && text.startsWith("|}", at)
                    && !text.startsWith("|}}", at)
                    && closes(Kind.TABLE)) {
                at += 2;
            } else if (text.startsWith("}}", at) && closes(Kind.TEMPLATE)) {
                at += 2;
            } else if (text.startsWith("]]", at) && closes(Kind.LINK)) {
                at += 2;
            } else {
                out.append(c);
                at++;
            }
            lineStart = false;
        }
    }

    private static boolean special(char c) {
        return c == '[' || c == ']' || (c >= '{' && c <= '}');
    }

    private int begin(Kind kind) {
        if (open.size() < DEEPEST) {
            open.push(new Open(kind, out.length()));
        }
        out.append(kind == Kind.TEMPLATE ? "{{" : kind == Kind.TABLE ? "{|" : "[[");
        return 2;
    }

    /**
     * Ends the innermost one of a kind. A template or a link does not reach over the border of a
     * table, nor a link over that of a template: what was opened in between stays text.
     */
    private boolean closes(Kind kind) {
        int depth = 0;
        for (Open one : open) {
            depth++;
            if (one.kind() == kind) {
                for (int i = 0; i < depth; i++) {
                    open.pop();
                }
                String inside = out.substring(one.start() + 2);
                out.setLength(one.start());
                if (kind == Kind.LINK) {
                    out.append(label(inside));
                }
                return true;
            }
            if (one.kind().compareTo(kind) < 0 || one.kind() == Kind.TABLE) {
                return false;
            }
        }
        return false;
    }

    private static String label(String inside) {
        int bar = inside.indexOf('|');
        String target = (bar < 0 ? inside : inside.substring(0, bar)).strip();
        int colon = target.indexOf(':');
        if (colon > 0) {
            String prefix = target.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (GONE.contains(prefix) || (bar < 0 && LANGUAGE.matcher(prefix).matches())) {
                return "";
            }
        }
        if (bar >= 0) {
            return inside.substring(bar + 1);
        }
        return target.startsWith(":") ? target.substring(1) : target;
    }
}
