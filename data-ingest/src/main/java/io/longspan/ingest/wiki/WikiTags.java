package io.longspan.ingest.wiki;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in angle brackets. */
final class WikiTags {
    private static final Marks WITH_CONTENT =
            new Marks(
                    "<",
                    "<(ref|references|math|chem|ce|gallery|timeline|syntaxhighlight|source|score|imagemap"
                            + "|hiero|graph|templatedata|templatestyles|mapframe|maplink|noinclude"
                            + "|includeonly|nowiki|pre)\\b([^<>]*+)>",
                    Pattern.CASE_INSENSITIVE);
    private static final Marks BREAK =
            new Marks("<", "<(?:br|hr)\\b[^<>]*+>", Pattern.CASE_INSENSITIVE);
    private static final Marks TAG = new Marks("<", "</?[a-zA-Z][^<>]*+>", 0);

    /** Signs that mean nothing in {@code nowiki}, and what stands for them until the end. */
    private static final String SIGNS = "{}[]|'=*#:;<>&_";

    private static final char FIRST_STAND_IN = '\uF5A0';

    private WikiTags() {}

    /** Without comments, and without elements whose content is no prose. */
    static String withoutElements(String text) {
        String rest = withoutComments(text);
        Matcher tag = WITH_CONTENT.matcher(rest);
        StringBuilder out = new StringBuilder(rest.length());
        // Searched for once: a page may open thousands that never end.
        Set<String> endless = new HashSet<>();
        int at = 0;
        while (WITH_CONTENT.next(tag, rest, at)) {
            out.append(rest, at, tag.start());
            at = tag.end();
            if (tag.group(2).endsWith("/")) {
                continue;
            }
            String name = tag.group(1).toLowerCase(Locale.ROOT);
            int end = endless.contains(name) ? -1 : end(rest, name, at);
            if (end < 0) {
                endless.add(name);
                continue;
            }
            if (name.equals("nowiki") || name.equals("pre")) {
                out.append(shielded(rest.substring(at, end)));
            }
            at = rest.indexOf('>', end) + 1;
        }
        return out.append(rest, at, rest.length()).toString();
    }

    /** Where the element ends, or a negative number. */
    private static int end(String text, String name, int from) {
        String close = "</" + name;
        int end = from;
        while (true) {
            end = text.indexOf("</", end);
            if (end < 0) {
                return -1;
            }
            if (text.regionMatches(true, end, close, 0, close.length())
                    && text.indexOf('>', end) >= 0) {
                return end;
            }
            end += 2;
        }
    }

    private static String withoutComments(String text) {
        int start = text.indexOf("<!--");
        if (start < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (start >= 0) {
            out.append(text, at, start);
            int end = text.indexOf("-->", start + 4);
            at = end < 0 ? text.length() : end + 3;
            start = text.indexOf("<!--", at);
        }
        return out.append(text, at, text.length()).toString();
    }

    private static String shielded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int sign = SIGNS.indexOf(text.charAt(i));
            out.append(sign < 0 ? text.charAt(i) : (char) (FIRST_STAND_IN + sign));
        }
        return out.toString();
    }

    /** What was shielded is itself again. */
    static String restored(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            int sign = text.charAt(i) - FIRST_STAND_IN;
            if (sign >= 0 && sign < SIGNS.length()) {
                if (out == null) {
                    out = new StringBuilder(text);
                }
                out.setCharAt(i, SIGNS.charAt(sign));
            }
        }
        return out == null ? text : out.toString();
    }

    static String withoutTags(String text) {
        return TAG.without(BREAK.replaced(text, _ -> "\n"));
    }
}
