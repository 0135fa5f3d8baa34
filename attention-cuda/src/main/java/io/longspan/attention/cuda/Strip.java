package io.longspan.attention.cuda;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of one sequence that one head links by its dilation: to each other they are a dense
 * band, and a token's index among them is its position.
 *
 * @param sequence index in the batch
 * @param start packed index of the sequence's first token
 * @param head of the pattern
 * @param residue index in the sequence of the strip's first token, below the dilation
 * @param dilation tokens from one position to the next
 * @param length number of positions, at least 1
 * @param left positions that a query looks back
 * @param right positions that a query looks ahead
 */
record Strip(
        int sequence,
        int start,
        int head,
        int residue,
        int dilation,
        int length,
        int left,
        int right) {

    static List<Strip> of(SequenceLayout layout, AttentionPattern pattern, int sequence, int head) {
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

    /** Every token of a sequence, whatever the dilation: those that see its global keys. */
    static Strip whole(SequenceLayout layout, int sequence, int head) {
        int length = layout.length(sequence);
        return new Strip(sequence, layout.start(sequence), head, 0, 1, length, 0, 0);
    }

    /** Packed index of a position. */
    int token(int position) {
        return start + residue + position * dilation;
    }
}
