package io.longspan.model.bulk;

import io.longspan.model.ModelInputException;
import io.longspan.model.bulk.BulkRecord.Document;
import io.longspan.model.bulk.BulkRecord.Unusable;
import io.longspan.model.session.StrideWindows;
import io.longspan.model.session.TextWindow;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents that are in memory together, tokenised and cut.
 *
 * @param rows in the order of the input
 * @param counts of them and of what was left out among them
 * @param last whether the input ends here
 */
record BulkBlock(List<Row> rows, BulkCounts counts, boolean last) {
    /** Rows of a block at most, those that are left out included. */
    private static final int MOST_ROWS = 1024;

    /** Tokens of a block, about, in tokens of a batch: enough to fill batches with like lengths. */
    private static final int BATCHES = 8;

    /** Characters of a token, about. */
    private static final int CHARACTERS = 4;

    /**
     * A document.
     *
     * @param windows at least one
     */
    record Row(String id, List<TextWindow> windows) {
        long tokens() {
            return windows.stream().mapToLong(window -> window.text().tokens()).sum();
        }
    }

    /** Reads blocks. */
    record Reader(RobertaTokenizer tokenizer, StrideWindows windows, BulkSettings settings) {
        BulkBlock next(BulkSource source) {
            Made made = new Made();
            List<Document> documents = new ArrayList<>();
            long characters = 0;
            long most = (long) BATCHES * CHARACTERS * settings.batchTokens();
            boolean last = false;
            for (int rows = 0; rows < MOST_ROWS && characters < most && !last; rows++) {
                BulkRecord found = source.next();
                switch (found) {
                    case null -> last = true;
                    case Unusable bad -> bad(made, bad.place(), bad.reason());
                    case Document document -> {
                        String problem = problem(document.text());
                        if (problem == null) {
                            documents.add(document);
                            characters += document.text().length();
                        } else {
                            bad(made, document.place(), problem);
                        }
                    }
                }
            }
            List<Encoding> encoded =
                    tokenizer.encodeAll(documents.stream().map(Document::text).toList(), true);
            for (int i = 0; i < encoded.size(); i++) {
                add(made, documents.get(i), encoded.get(i));
            }
            return new BulkBlock(made.rows, made.counts(), last);
        }

        private static @Nullable String problem(String text) {
            return text.isEmpty()
                    ? "the text is empty"
                    : text.length() > RobertaTokenizer.LONGEST_TEXT
                            ? "the text has "
                                    + text.length()
                                    + " characters, more than "
                                    + RobertaTokenizer.LONGEST_TEXT
                            : null;
        }

        private void bad(Made made, String place, String reason) {
            if (settings.badRows() == BadRows.FAIL) {
                throw new ModelInputException(
                        place
                                + ": "
                                + reason
                                + "; correct it, or leave such rows out with --bad skip");
            }
            made.bad++;
            made.named.add(place + ": " + reason);
        }

        private void add(Made made, Document document, Encoding text) {
            boolean tooLong = windows.tooLong(text);
            if (!tooLong) {
                made.add(document, windows.of(text), false);
                return;
            }
            switch (settings.longTexts()) {
                case STRIDE -> made.add(document, windows.of(text), true);
                case TRUNCATE -> made.add(document, List.of(windows.first(text)), true);
                case SKIP -> {
                    made.tooLong++;
                    made.named.add(document.place() + ": the text has " + text.size() + " tokens");
                }
                case FAIL ->
                        throw new ModelInputException(
                                document.place()
                                        + ": the text has "
                                        + text.size()
                                        + " tokens, more than the model reads; choose another --long: stride, truncate or skip");
            }
        }
    }

    /** A block that is being made. */
    private static final class Made {
        private final List<Row> rows = new ArrayList<>();
        private final List<String> named = new ArrayList<>();
        private long bad;
        private long tooLong;
        private long cut;

        void add(Document document, List<TextWindow> windows, boolean wasCut) {
            rows.add(new Row(document.id(), windows));
            cut += wasCut ? 1 : 0;
        }

        BulkCounts counts() {
            return new BulkCounts(
                    rows.size(),
                    bad,
                    tooLong,
                    cut,
                    rows.stream().mapToLong(row -> row.windows().size()).sum(),
                    rows.stream().mapToLong(Row::tokens).sum(),
                    named);
        }
    }
}
