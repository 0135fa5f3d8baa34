package io.longspan.ingest.rule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Project Gutenberg puts around a book: a header up to the line {@code *** START OF ... ***},
 * a credit, and everything from the line that says that the book ends. A text without the first
 * line is taken as it is.
 *
 * @param title as the header gives it, or empty
 * @param number of the book there, or empty
 * @param found whether the text has the header
 * @param body the book alone
 */
record Gutenberg(String title, String number, boolean found, String body) {
    private static final int FLAGS = Pattern.MULTILINE | Pattern.CASE_INSENSITIVE;

    /** The title in it may go over several lines. */
    private static final Pattern START =
            Pattern.compile(
                    "^[ \\t]*\\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG"
                            + " E(?:BOOK|TEXT)[^*]{0,500}\\*{3}[^\\n]*\\n?",
                    FLAGS);

    private static final Pattern OLD_START =
            Pattern.compile("^\\*END[* ] ?THE SMALL PRINT![^\\n]*\\n?", FLAGS);
    private static final Pattern END =
            Pattern.compile(
                    "^[ \\t]*\\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG E(?:BOOK|TEXT)", FLAGS);

    /** Older files say it in prose, newer ones did so just above the line with the stars. */
    private static final Pattern SAID_END =
            Pattern.compile("^[ \\t]*End of (?:the )?Project Gutenberg", FLAGS);

    /** Not at the beginning of a line everywhere: some headers have lost a line feed. */
    private static final Pattern TITLE = Pattern.compile("Title:[ \\t]*(\\S[^\\n]*)");

    private static final Pattern NUMBER =
            Pattern.compile("\\[E(?:Book|text) ?#(\\d{1,9})\\]", FLAGS);
    private static final Pattern CREDIT =
            Pattern.compile(
                    "\\A\\s*(?:Produced by|E-?text prepared by)[^\\n]*(?:\\n[^\\n]+)*", FLAGS);

    /** Takes a text apart that has line feeds only. */
    static Gutenberg of(String text) {
        Matcher start = START.matcher(text);
        if (!start.find()) {
            start = OLD_START.matcher(text);
            if (!start.find()) {
                return new Gutenberg("", "", false, text);
            }
        }
        String header = text.substring(0, start.start());
        String rest = text.substring(start.end());
        String body = rest.substring(0, end(rest));
        return new Gutenberg(
                first(TITLE, header).strip(),
                first(NUMBER, header),
                true,
                CREDIT.matcher(body).replaceFirst(""));
    }

    private static int end(String text) {
        Matcher end = END.matcher(text);
        int stars = end.find() ? end.start() : text.length();
        Matcher said = SAID_END.matcher(text).region(Math.max(0, stars - 1000), stars);
        if (stars < text.length()) {
            return said.find() ? said.start() : stars;
        }
        said.region(0, text.length());
        return said.find() ? said.start() : stars;
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? found.group(1) : "";
    }
}
