package io.longspan.ingest.wiki;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of which each match begins with the same few characters. They are looked for first: a
 * pattern tried at each character of a dump costs more than everything else that is done with it.
 */
final class Marks {
    private final String start;
    private final Pattern pattern;

    /**
     * @param start what each match begins with
     */
    Marks(String start, String pattern, int flags) {
        this.start = start;
        this.pattern = Pattern.compile(pattern, flags);
    }

    /** Gives what stands for a match. */
    @FunctionalInterface
    interface Replacement {
        String of(Matcher found);
    }

    /** A matcher for {@link #next}. */
    Matcher matcher(String text) {
        return pattern.matcher(text).useAnchoringBounds(false).useTransparentBounds(true);
    }

    /** Goes to the first match that begins at a place or behind it. */
    boolean next(Matcher matcher, String text, int from) {
        for (int at = text.indexOf(start, from); at >= 0; at = text.indexOf(start, at + 1)) {
            if (matcher.region(at, text.length()).lookingAt()) {
                return true;
            }
        }
        return false;
    }

    boolean in(String text) {
        return text.contains(start) && next(matcher(text), text, 0);
    }

    String replaced(String text, Replacement with) {
        if (!text.contains(start)) {
            return text;
        }
        Matcher matcher = matcher(text);
        StringBuilder out = null;
        int at = 0;
        while (next(matcher, text, at)) {
            if (out == null) {
                out = new StringBuilder(text.length());
            }
            out.append(text, at, matcher.start()).append(with.of(matcher));
            at = matcher.end();
        }
        return out == null ? text : out.append(text, at, text.length()).toString();
    }

    String without(String text) {
        return replaced(text, _ -> "");
    }
}
