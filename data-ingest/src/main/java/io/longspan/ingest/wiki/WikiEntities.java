package io.longspan.ingest.wiki;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Character references that stand in wikitext: those that occur in articles, and all numbers. */
final class WikiEntities {
    private static final int LONGEST = 10;
    private static final Map<String, String> NAMED =
            Map.ofEntries(
                    Map.entry("amp", "&"),
                    Map.entry("lt", "<"),
                    Map.entry("gt", ">"),
                    Map.entry("quot", "\""),
                    Map.entry("apos", "'"),
                    Map.entry("nbsp", " "),
                    Map.entry("thinsp", "\u2009"),
                    Map.entry("ensp", "\u2002"),
                    Map.entry("emsp", "\u2003"),
                    Map.entry("ndash", "\u2013"),
                    Map.entry("mdash", "\u2014"),
                    Map.entry("minus", "\u2212"),
                    Map.entry("times", "\u00D7"),
                    Map.entry("middot", "\u00B7"),
                    Map.entry("bull", "\u2022"),
                    Map.entry("hellip", "\u2026"),
                    Map.entry("lsquo", "\u2018"),
                    Map.entry("rsquo", "\u2019"),
                    Map.entry("ldquo", "\u201C"),
                    Map.entry("rdquo", "\u201D"),
                    Map.entry("prime", "\u2032"),
                    Map.entry("Prime", "\u2033"),
                    Map.entry("deg", "\u00B0"),
                    Map.entry("plusmn", "\u00B1"),
                    Map.entry("frac12", "\u00BD"),
                    Map.entry("pound", "\u00A3"),
                    Map.entry("euro", "\u20AC"),
                    Map.entry("sect", "\u00A7"),
                    Map.entry("copy", "\u00A9"),
                    Map.entry("alpha", "\u03B1"),
                    Map.entry("beta", "\u03B2"),
                    Map.entry("gamma", "\u03B3"),
                    Map.entry("delta", "\u03B4"),
                    Map.entry("mu", "\u03BC"),
                    Map.entry("pi", "\u03C0"),
                    Map.entry("rarr", "\u2192"),
                    Map.entry("larr", "\u2190"),
                    Map.entry("zwnj", ""),
                    Map.entry("shy", ""));

    private WikiEntities() {}

    /** What is no reference stays. */
    static String decode(String text) {
        int start = text.indexOf('&');
        if (start < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (start >= 0) {
            out.append(text, at, start);
            int end = text.indexOf(';', start);
            String found =
                    end < 0 || end - start > LONGEST ? null : value(text.substring(start + 1, end));
            if (found == null) {
                out.append('&');
                at = start + 1;
            } else {
                out.append(found);
                at = end + 1;
            }
            start = text.indexOf('&', at);
        }
        return out.append(text, at, text.length()).toString();
    }

    private static @Nullable String value(String name) {
        if (!name.startsWith("#")) {
            return NAMED.get(name);
        }
        try {
            int point =
                    name.startsWith("#x") || name.startsWith("#X")
                            ? Integer.parseInt(name.substring(2), 16)
                            : Integer.parseInt(name.substring(1));
            boolean valid =
                    Character.isValidCodePoint(point)
                            && point > 31
                            && (point < 0xD800 || point > 0xDFFF);
            return valid ? Character.toString(point) : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
