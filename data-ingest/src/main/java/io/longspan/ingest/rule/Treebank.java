package io.longspan.ingest.rule;

import java.util.regex.Pattern;

/** Joins what a Penn Treebank tokenizer has put apart, as in BookCorpus. */
final class Treebank {
    private static final Pattern ENDING =
            Pattern.compile(" (n't|'s|'re|'ve|'ll|'d|'m)(?![A-Za-z])", Pattern.CASE_INSENSITIVE);
    private static final Pattern BEFORE = Pattern.compile(" ([.,!?;:%)\\]])(?!\\S{2})");
    private static final Pattern AFTER = Pattern.compile("([(\\[]) ");

    private Treebank() {}

    static String joined(String text) {
        String found = text.replace("`` ", "\"").replace(" ''", "\"").replace("``", "\"");
        found = ENDING.matcher(found).replaceAll("$1");
        found = BEFORE.matcher(found).replaceAll("$1");
        return AFTER.matcher(found).replaceAll("$1");
    }
}
