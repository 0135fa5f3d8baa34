package io.longspan.attention.fused;

/**
 * The tokens of one sequence that one head links by its dilation: every {@code dilation}-th one
 * from a first on. To each other they are a dense band, so dilation costs nothing but a longer step
 * through memory. A token's index in its strip is its position.
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
    /** Index in the sequence of a position. */
    int inSequence(int position) {
        return residue + position * dilation;
    }

    /** Packed index of a position. */
    int token(int position) {
        return start + residue + position * dilation;
    }

    /** The first position that a query at {@code position} sees. */
    int firstKey(int position) {
        return Math.max(0, position - left);
    }

    /** One past the last position that a query at {@code position} sees. */
    int endKey(int position) {
        return (int) Math.min(length, (long) position + right + 1);
    }
}
