package io.longspan.attention.fused;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts a batch into work items. Borders depend on the sequence and the pattern alone, never on the
 * other sequences or on the number of threads: that makes answers the same bits in any batch.
 *
 * @param forward items of up to {@link Tile#ROWS} positions
 * @param backward longer items, grouped by sequence, then head
 * @param firstOfPair for each pair of sequence and head (sequence * H + head) the index of its
 *     first backward item, and at the end the number of items
 */
record WorkList(List<WorkItem> forward, List<WorkItem> backward, List<Integer> firstOfPair) {
    /** Keys of a neighbouring segment are visited again: segments are long against the window. */
    private static final int WINDOWS_PER_SEGMENT = 4;

    private static final int LEAST_SEGMENT = 2048;

    static WorkList of(SequenceLayout layout, AttentionPattern pattern) {
        List<WorkItem> forward = new ArrayList<>();
        List<WorkItem> backward = new ArrayList<>();
        List<Integer> firstOfPair = new ArrayList<>();
        for (int b = 0; b < layout.sequences(); b++) {
            for (int h = 0; h < pattern.heads(); h++) {
                firstOfPair.add(backward.size());
                int segment = segment(pattern, h);
                for (Strip strip : strips(layout, pattern, b, h)) {
                    cut(strip, Tile.ROWS, forward);
                    cut(strip, segment, backward);
                }
            }
        }
        firstOfPair.add(backward.size());
        // All heads of a stretch of tokens, then the next stretch: rows of neighbouring heads share
        // pages.
        forward.sort(
                Comparator.comparingInt((WorkItem i) -> i.strip().token(i.first()) / Tile.ROWS)
                        .thenComparingInt(i -> i.strip().head()));
        return new WorkList(List.copyOf(forward), List.copyOf(backward), List.copyOf(firstOfPair));
    }

    private static List<Strip> strips(
            SequenceLayout layout, AttentionPattern pattern, int sequence, int head) {
        int length = layout.length(sequence);
        int dilation = pattern.dilation(head);
        List<Strip> strips = new ArrayList<>();
        for (int residue = 0; residue < Math.min(dilation, length); residue++) {
            strips.add(
                    new Strip(
                            sequence,
                            layout.start(sequence),
                            head,
                            residue,
                            dilation,
                            Math.ceilDiv(length - residue, dilation),
                            pattern.left(head),
                            pattern.right(head)));
        }
        return strips;
    }

    private static int segment(AttentionPattern pattern, int head) {
        long window = (long) pattern.left(head) + pattern.right(head);
        long wanted = Math.max(LEAST_SEGMENT, WINDOWS_PER_SEGMENT * window);
        return Tile.up((int) Math.min(wanted, 1 << 30), Tile.ROWS);
    }

    private static void cut(Strip strip, int size, List<WorkItem> into) {
        for (long first = 0; first < strip.length(); first += size) {
            into.add(
                    new WorkItem(strip, (int) first, (int) Math.min(strip.length(), first + size)));
        }
    }
}
