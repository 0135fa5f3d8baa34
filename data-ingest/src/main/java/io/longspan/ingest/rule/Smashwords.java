package io.longspan.ingest.rule;

import java.util.regex.Pattern;

/** The notices at the beginning of books of Smashwords, the same in thousands of them. */
final class Smashwords {
    /** Notices are short; a chapter without blank lines is no notice. */
    private static final int LONGEST = 1500;

    /** Front matter ends somewhere. */
    private static final int PARAGRAPHS = 60;

    private static final Pattern NOTICE =
            Pattern.compile(
                    "smashwords|licen[sc]e notes?|this (?:e-?book|book) (?:is|was|remains) (?:licensed|the"
                            + " copyright)|may not be re-?sold|purchase (?:an additional|your own)"
                            + " copy|(?:hard )?work of this author|all rights reserved",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern BORDER = Pattern.compile("\\n{2,}+");

    private Smashwords() {}

    static String without(String text) {
        if (!NOTICE.matcher(text).find()) {
            return text;
        }
        String[] paragraphs = BORDER.split(text, PARAGRAPHS + 1);
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < paragraphs.length; i++) {
            boolean notice =
                    i < PARAGRAPHS
                            && paragraphs[i].length() <= LONGEST
                            && NOTICE.matcher(paragraphs[i]).find();
            if (!notice) {
                kept.append(kept.isEmpty() ? "" : "\n\n").append(paragraphs[i]);
            }
        }
        return kept.toString();
    }
}
