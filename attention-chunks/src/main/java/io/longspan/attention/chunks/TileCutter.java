package io.longspan.attention.chunks;

import io.longspan.attention.SequenceLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts chunks of like size together into tiles. */
final class TileCutter {
    /**
     * Scores of all heads in a tile, unless a single chunk has more: 12 MiB. Much larger tiles took
     * up to three times as long, as each array then comes from the system as fresh pages.
     */
    private static final long MOST_SCORES = 3L << 20;

    /** Scores, padding included, for each real one that are accepted for a fuller tile. */
    private static final double MOST_PADDING = 1.25;

    private final SequenceLayout layout;
    private final long mostArea;

    TileCutter(SequenceLayout layout, int heads) {
        this.layout = layout;
        mostArea = MOST_SCORES / heads;
    }

    /** The tiles of at least one chunk, together all of them, in no particular order. */
    List<Tile> cut(List<Chunk> chunks) {
        List<Chunk> bySize = new ArrayList<>(chunks);
        bySize.sort(
                Comparator.comparing(Chunk::whole)
                        .thenComparingInt(Chunk::keys)
                        .thenComparingInt(Chunk::rows)
                        .thenComparingInt(Chunk::firstRow));
        List<Tile> tiles = new ArrayList<>();
        Tile open = tileOf(bySize.subList(0, 1));
        long realArea = open.area();
        for (int next = 1; next < bySize.size(); next++) {
            Tile single = tileOf(bySize.subList(next, next + 1));
            Tile wider = tileOf(bySize.subList(next - open.chunks().size(), next + 1));
            if (fits(single, wider, realArea + single.area())) {
                open = wider;
                realArea += single.area();
            } else {
                tiles.add(open);
                open = single;
                realArea = single.area();
            }
        }
        tiles.add(open);
        return tiles;
    }

    private boolean fits(Tile single, Tile wider, long realArea) {
        return single.whole() == wider.whole()
                && wider.area() <= mostArea
                && wider.area() <= realArea * MOST_PADDING;
    }

    private Tile tileOf(List<Chunk> chunks) {
        int rows = 0;
        int keys = 0;
        int globals = 0;
        boolean whole = chunks.getFirst().whole();
        for (Chunk chunk : chunks) {
            rows = Math.max(rows, chunk.rows());
            keys = Math.max(keys, chunk.keys());
            globals = Math.max(globals, whole ? 0 : layout.globalCount(chunk.sequence()));
        }
        return new Tile(chunks, rows, keys, globals, whole);
    }
}
