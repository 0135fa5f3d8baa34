package io.longspan.attention.cuda;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a batch into items. Borders depend on the sequence and the pattern alone, never on the other
 * sequences: that makes answers the same bits in any batch. Tiles of one strip follow each other,
 * so that the keys they share stay in the cache.
 */
final class WorkList {
    /** Keys of a tile, and queries of most; kTile of the kernels. */
    static final int TILE = 64;

    /** Dropout draws are made for 8 neighbouring keys: tiles of keys begin at a border. */
    private static final int DRAW = 8;

    /** Queries whose share of a global key's gradient one block sums. */
    private static final int PART = 512;

    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] firstGlobal;

    WorkList(SequenceLayout layout, AttentionPattern pattern) {
        this.layout = layout;
        this.pattern = pattern;
        firstGlobal = new int[layout.sequences() + 1];
        for (int b = 0; b < layout.sequences(); b++) {
            firstGlobal[b + 1] = firstGlobal[b] + layout.globalCount(b);
        }
    }

    /**
     * Tiles of queries.
     *
     * @param rows of a tile
     * @param rowOf row of each token or -1, or null when all rows are wanted; tiles without any are
     *     left out
     */
    List<Item> queries(int rows, int @org.jspecify.annotations.Nullable [] rowOf) {
        List<Item> items = new ArrayList<>();
        for (Strip strip : strips()) {
            for (int first = 0; first < strip.length(); first += rows) {
                if (rowOf == null || anyWanted(strip, first, rows, rowOf)) {
                    int from = Math.max(0, first - strip.left()) / DRAW * DRAW;
                    long end = Math.min(strip.length(), (long) first + rows + strip.right());
                    items.add(item(strip, first, from, (int) end, -1));
                }
            }
        }
        return items;
    }

    /** Tiles of the band's keys, with the queries that may see them. */
    List<Item> keys() {
        List<Item> items = new ArrayList<>();
        for (Strip strip : strips()) {
            for (int first = 0; first < strip.length(); first += TILE) {
                int from = Math.max(0, first - strip.right());
                long end = Math.min(strip.length(), (long) first + TILE + strip.left());
                items.add(item(strip, first, from, (int) end, -1));
            }
        }
        return items;
    }

    /**
     * Tiles of global keys with a stretch of queries each, in the order in which they are summed.
     */
    List<Item> globalParts() {
        List<Item> items = new ArrayList<>();
        forGlobalTiles((strip, first) -> {
            for (int from = 0; from < strip.length(); from += PART) {
                int end = Math.min(strip.length(), from + PART);
                items.add(item(strip, first, from, end, items.size()));
            }
        });
        return items;
    }

    /** The sums over the parts of each tile of global keys. */
    List<Item> globalSums() {
        List<Item> items = new ArrayList<>();
        int[] part = {0};
        forGlobalTiles((strip, first) -> {
            int parts = Math.ceilDiv(strip.length(), PART);
            items.add(item(strip, first, 0, parts, part[0]));
            part[0] += parts;
        });
        return items;
    }

    /**
     * Stretches of queries whose part of the gradient of the bias one block makes, head by head, in
     * the order in which they are summed.
     */
    List<Item> biasParts() {
        List<Item> items = new ArrayList<>();
        for (int h = 0; h < pattern.heads(); h++) {
            for (Strip strip : strips(h)) {
                for (int from = 0; from < strip.length(); from += PART) {
                    int end = Math.min(strip.length(), from + PART);
                    items.add(item(strip, from, from, end, items.size()));
                }
            }
        }
        return items;
    }

    /** The sums over the parts of each head's bias, a block for each stretch of columns. */
    List<Item> biasSums() {
        List<Item> items = new ArrayList<>();
        int part = 0;
        for (int h = 0; h < pattern.heads(); h++) {
            int parts = 0;
            for (Strip strip : strips(h)) {
                parts += Math.ceilDiv(strip.length(), PART);
            }
            for (int c = 0; c < pattern.biasColumns(); c += CudaCall.ROW_THREADS) {
                items.add(item(Strip.whole(layout, 0, h), c, 0, parts, part));
            }
            part += parts;
        }
        return items;
    }

    private List<Strip> strips(int head) {
        List<Strip> strips = new ArrayList<>();
        for (int b = 0; b < layout.sequences(); b++) {
            strips.addAll(Strip.of(layout, pattern, b, head));
        }
        return strips;
    }

    /** Something for each tile of global keys. */
    private interface GlobalTile {
        void accept(Strip strip, int firstGlobal);
    }

    private void forGlobalTiles(GlobalTile action) {
        for (int b = 0; b < layout.sequences(); b++) {
            for (int h = 0; h < pattern.heads(); h++) {
                for (int first = 0; first < layout.globalCount(b); first += TILE) {
                    action.accept(Strip.whole(layout, b, h), first);
                }
            }
        }
    }

    private List<Strip> strips() {
        List<Strip> strips = new ArrayList<>();
        for (int b = 0; b < layout.sequences(); b++) {
            for (int h = 0; h < pattern.heads(); h++) {
                strips.addAll(Strip.of(layout, pattern, b, h));
            }
        }
        return strips;
    }

    private Item item(Strip strip, int first, int otherFirst, int otherEnd, int part) {
        int b = strip.sequence();
        return new Item(
                strip, first, firstGlobal[b], layout.globalCount(b), otherFirst, otherEnd, part);
    }

    private static boolean anyWanted(Strip strip, int first, int rows, int[] rowOf) {
        int end = (int) Math.min(strip.length(), (long) first + rows);
        for (int position = first; position < end; position++) {
            if (rowOf[strip.token(position)] >= 0) {
                return true;
            }
        }
        return false;
    }
}
