package io.longspan.model.bulk;

import io.longspan.model.session.TokenizedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packs the windows of a block into batches: the longest first, so that like lengths run together,
 * and as many as the budget holds. Windows of a text stay in their order, since none is longer than
 * the one before it. Depends on nothing but the block.
 */
final class BulkBatches {
    private BulkBatches() {}

    /**
     * One window of a document.
     *
     * @param row of the block
     * @param window of the row
     * @param whole whether it is all of its document
     */
    record Item(int row, int window, TokenizedText text, boolean whole) {}

    /**
     * The batches of a block.
     *
     * @param budget tokens of a batch; a longer window has one of its own
     * @param apart whether parts and wholes are kept apart
     */
    static List<List<Item>> of(List<BulkBlock.Row> rows, int budget, boolean apart) {
        List<Item> items = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            int windows = rows.get(r).windows().size();
            for (int w = 0; w < windows; w++) {
                TokenizedText text = rows.get(r).windows().get(w).text();
                items.add(new Item(r, w, text, windows == 1));
            }
        }
        items.sort(
                Comparator.comparing((Item item) -> apart && !item.whole())
                        .thenComparingInt(item -> -item.text().tokens()));
        List<List<Item>> batches = new ArrayList<>();
        List<Item> open = new ArrayList<>();
        long tokens = 0;
        for (Item item : items) {
            boolean other = apart && !open.isEmpty() && open.getFirst().whole() != item.whole();
            if (!open.isEmpty() && (other || tokens + item.text().tokens() > budget)) {
                batches.add(open);
                open = new ArrayList<>();
                tokens = 0;
            }
            open.add(item);
            tokens += item.text().tokens();
        }
        if (!open.isEmpty()) {
            batches.add(open);
        }
        return batches;
    }
}
