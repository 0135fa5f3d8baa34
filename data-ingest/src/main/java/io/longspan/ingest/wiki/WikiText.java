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

    private static final Pattern APOSTROPHES = Pattern.compile("'{2,}+");
    private static final Pattern EXTERNAL =
            Pattern.compile(
                    "\\[(?:https?:|ftp:|mailto:|//)[^\\s\\]]{0,2000}+(?:[ \\t]{1,9}+([^\\]\\n]{0,2000}+))?+\\]");
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{\\{[^{}]{0,200}+\\}\\}\\}");
    private static final Pattern MAGIC = Pattern.compile("__[A-Z]{3,30}__");
    private static final Pattern HEADING =
            Pattern.compile("^(={1,6})[ \\t]*+(.+?)[ \\t]*+\\1[ \\t]*+$");
    private static final Pattern LIST = Pattern.compile("^[*#:;]++[ \\t]*+");
    private static final Pattern HOLLOW = Pattern.compile(" ?\\([\\s,;:/\u2013-]*+\\)");
    private static final Pattern HALF_HOLLOW = Pattern.compile("\\([ \\t]*+[,;:][ \\t,;:]*+");
    private static final Pattern SPACES = Pattern.compile("[ \\t\u00A0]{2,}+");
    private static final Pattern BEFORE_STOP = Pattern.compile("[ \\t]++([,.;])(?=\\s|$)");
    private static final Pattern BLANK_LINES = Pattern.compile("\\n{3,}+");

    private WikiText() {}

    /** The text of a page, paragraphs apart by a blank line; may be empty. */
    public static String plain(String wikitext) {
        String text = WikiTags.withoutElements(wikitext.replace("\r\n", "\n"));
        text = WikiBrackets.resolve(PARAMETER.matcher(text).replaceAll(""));
        text =
                EXTERNAL.matcher(text)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(
                                        found.group(1) == null ? "" : found.group(1)));
        text = APOSTROPHES.matcher(text).replaceAll("");
        text = MAGIC.matcher(text).replaceAll("");
        text = WikiTags.withoutTags(text);
        text = WikiTags.restored(WikiEntities.decode(text));
        return tidy(lines(text));
    }

    private static String lines(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        int skipped = 0;
        for (String line : text.split("\n", -1)) {
            Matcher heading = HEADING.matcher(line);
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
            } else if (skipped == 0) {
                kept.append(LIST.matcher(line).replaceFirst("").strip()).append('\n');
            }
        }
        return kept.toString();
    }

    private static String tidy(String text) {
        String found = HOLLOW.matcher(text).replaceAll("");
        found = HALF_HOLLOW.matcher(found).replaceAll("(");
        found = SPACES.matcher(found).replaceAll(" ");
        found = BEFORE_STOP.matcher(found).replaceAll("$1");
        return BLANK_LINES.matcher(found).replaceAll("\n\n").strip();
    }
}
