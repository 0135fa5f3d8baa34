package io.longspan.ingest.wiki;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the markup off wikitext. What is kept: paragraphs, headings, list items, labels of links.
 * What goes: comments, references, formulas, galleries, code blocks, templates, tables, files,
 * categories, links to other languages, tags, and the sections at the end that list sources and
 * links. Markup that does not end where it should is taken for text.
 */
public final class WikiText {
    private static final Set<String> TAIL =
            Set.of(
                    "references",
                    "external links",
                    "see also",
                    "further reading",
                    "notes",
                    "footnotes",
                    "citations",
                    "notes and references",
                    "bibliography");

    private static final Marks APOSTROPHES = new Marks("''", "'{2,}+", 0);
    private static final Marks EXTERNAL =
            new Marks(
                    "[",
                    "\\[(?:https?:|ftp:|mailto:|//)[^\\s\\]]{0,2000}+(?:[ \\t]{1,9}+([^\\]\\n]{0,2000}+))?+\\]",
                    0);
    private static final Marks PARAMETER = new Marks("{{{", "\\{\\{\\{[^{}]{0,200}+\\}\\}\\}", 0);
    private static final Marks MAGIC = new Marks("__", "__[A-Z]{3,30}__", 0);
    private static final Pattern HEADING =
            Pattern.compile("^(={1,6})[ \\t]*+(.+?)[ \\t]*+\\1[ \\t]*+$");
    private static final String LIST = "*#:;";
    private static final Marks HOLLOW = new Marks("(", "\\([\\s,;:/\u2013-]*+\\)", 0);
    private static final Marks HALF_HOLLOW = new Marks("(", "\\([ \\t]*+[,;:][ \\t,;:]*+", 0);
    private static final Marks BLANK_LINES = new Marks("\n\n\n", "\n{3,}+", 0);

    private WikiText() {}

    /** The text of a page, paragraphs apart by a blank line; may be empty. */
    public static String plain(String wikitext) {
        String text = WikiTags.withoutElements(wikitext.replace("\r\n", "\n"));
        text = WikiBrackets.resolve(PARAMETER.without(text));
        text = EXTERNAL.replaced(text, found -> found.group(1) == null ? "" : found.group(1));
        text = APOSTROPHES.without(text);
        text = MAGIC.without(text);
        text = WikiTags.withoutTags(text);
        text = WikiTags.restored(WikiEntities.decode(text));
        return tidy(lines(text));
    }

    private static String lines(String text) {
        StringBuilder kept = new StringBuilder(text.length() + 16);
        int skipped = 0;
        int end;
        for (int at = 0; at <= text.length(); at = end + 1) {
            end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            if (at < end && text.charAt(at) == '=') {
                Matcher heading = HEADING.matcher(text.substring(at, end));
                if (heading.find()) {
                    int level = heading.group(1).length();
                    if (skipped > 0 && level > skipped) {
                        continue;
                    }
                    String title = heading.group(2).strip();
                    skipped = TAIL.contains(title.toLowerCase(Locale.ROOT)) ? level : 0;
                    if (skipped == 0) {
                        kept.append("\n\n").append(title).append("\n\n");
                    }
                    continue;
                }
            }
            if (skipped == 0) {
                kept.append(text.substring(afterMarks(text, at, end), end).strip()).append('\n');
            }
        }
        return kept.toString();
    }

    /** Behind the signs of a list and the blanks that follow them. */
    private static int afterMarks(String text, int start, int end) {
        int at = start;
        while (at < end && LIST.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at > start) {
            while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }
        return at;
    }

    private static String tidy(String text) {
        String found = HALF_HOLLOW.replaced(withoutHollow(text), _ -> "(");
        return BLANK_LINES.replaced(Blanks.single(found), _ -> "\n\n").strip();
    }

    /** Without brackets that hold nothing, and the space before them. */
    private static String withoutHollow(String text) {
        Matcher hollow = HOLLOW.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (HOLLOW.next(hollow, text, at)) {
            int start = hollow.start();
            boolean space = start > at && text.charAt(start - 1) == ' ';
            out.append(text, at, space ? start - 1 : start);
            at = hollow.end();
        }
        return at == 0 ? text : out.append(text, at, text.length()).toString();
    }
}
