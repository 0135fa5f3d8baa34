package io.longspan.attention.chunks;

import io.longspan.attention.SequenceLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts the rows of a call into chunks. */
final class ChunkCutter {
    /** Below this the matrix products become too small; measured with windows of 32 and 128. */
    private static final int FEWEST_ROWS = 64;

    /** Above this the scores of a chunk leave the caches; measured with windows of 256 to 1024. */
    private static final int MOST_ROWS = 256;

    private ChunkCutter() {}

    /**
     * The chunks of the wanted rows, in their order; parts of a sequence without a wanted row give
     * none.
     *
     * @param reach of the window to either side
     * @param rows packed indices wanted, ascending
     */
    static List<Chunk> cut(SequenceLayout layout, int reach, int[] rows) {
        List<Chunk> chunks = new ArrayList<>();
        for (int b = 0; b < layout.sequences(); b++) {
            int start = layout.start(b);
            long length = layout.length(b);
            boolean whole = reach >= length - 1;
            // The keys of a whole sequence are the same for any chunk: there is no halo to save.
            int most = whole ? MOST_ROWS : Math.clamp(reach, FEWEST_ROWS, MOST_ROWS);
            int pieces = Math.ceilDiv((int) length, most);
            for (int piece = 0; piece < pieces; piece++) {
                int from = firstAtLeast(rows, start + (int) (length * piece / pieces));
                int to = firstAtLeast(rows, start + (int) (length * (piece + 1) / pieces));
                if (from < to) {
                    int firstKey = (int) Math.max(start, (long) rows[from] - reach);
                    int endKey = (int) Math.min(layout.end(b), (long) rows[to - 1] + reach + 1);
                    chunks.add(new Chunk(b, from, to - from, firstKey, endKey - firstKey, whole));
                }
            }
        }
        return chunks;
    }

    private static int firstAtLeast(int[] ascending, int value) {
        int at = Arrays.binarySearch(ascending, value);
        return at >= 0 ? at : -at - 1;
    }
}
