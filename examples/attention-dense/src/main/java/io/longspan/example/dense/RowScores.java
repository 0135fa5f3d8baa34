package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.TokenRole;
import org.jspecify.annotations.Nullable;

/**
 * What one row of one head sees: its keys, their scores, and which of them are dropped. Forward and
 * backward ask it the same questions, so they cannot disagree. Not safe for several threads.
 */
final class RowScores {
    /** A global key has no place in the window, so no bias. */
    private static final int NO_COLUMN = -1;

    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final FloatTensor query;
    private final FloatTensor key;
    private final int headSize;
    private final @Nullable FloatMatrix bias;
    private final @Nullable AttentionDropout dropout;
    private final int[] keys;
    private final int[] columns;
    private final float[] scores;
    private final float[] factors;
    private int count;
    private int maskSequence = -1;
    private @Nullable DropoutMask mask;

    RowScores(
            DensePlan plan,
            TensorView query,
            TensorView key,
            @Nullable TensorView offsetBias,
            @Nullable AttentionDropout dropout) {
        layout = plan.layout();
        pattern = plan.workload().pattern();
        headSize = plan.workload().headSize();
        this.query = new FloatTensor(query); // [R, H, D]
        this.key = new FloatTensor(key); // [T, H, D]
        bias = offsetBias == null ? null : new FloatMatrix(offsetBias); // [H, columns]
        this.dropout = pattern.dropout() > 0 ? dropout : null;
        keys = new int[layout.longest()];
        columns = new int[keys.length];
        scores = new float[keys.length];
        factors = new float[keys.length];
    }

    /**
     * Looks at one LOCAL row. It sees itself, unless a bias takes that key away too.
     *
     * @param row index among the query rows
     * @param token its packed index
     */
    void look(int row, int token, int head) {
        int sequence = layout.sequenceOf(token);
        int start = layout.start(sequence);
        int i = token - start;
        count = 0;
        for (int j = 0; j < layout.length(sequence); j++) {
            if (visible(i, j, start, head)) {
                keys[count] = start + j;
                columns[count] = column(i, j, start, head);
                scores[count] = score(row, head);
                factors[count] = factor(sequence, i, j, head);
                // A bias of minus infinity takes the key away.
                if (scores[count] > Float.NEGATIVE_INFINITY) {
                    count++;
                }
            }
        }
    }

    /** Number of keys seen. */
    int count() {
        return count;
    }

    /** Packed index of a key. */
    int key(int k) {
        return keys[k];
    }

    /** Scaled and biased score of a key. */
    float score(int k) {
        return scores[k];
    }

    /** Factor of dropout on the probability of a key, 1 without dropout. */
    float factor(int k) {
        return factors[k];
    }

    /** Column of the key's bias, or a negative number when it has none. */
    int column(int k) {
        return columns[k];
    }

    /** Whether row i sees key j, both counted inside their sequence. */
    private boolean visible(int i, int j, int start, int head) {
        return switch (layout.role(start + j)) {
            case MASKED -> false;
            case GLOBAL -> !pattern.causal() || j <= i;
            case LOCAL -> {
                int distance = j - i;
                int steps = distance / pattern.dilation(head);
                yield distance % pattern.dilation(head) == 0
                        && -pattern.left(head) <= steps
                        && steps <= pattern.right(head);
            }
        };
    }

    private int column(int i, int j, int start, int head) {
        return layout.role(start + j) == TokenRole.GLOBAL
                ? NO_COLUMN
                : (j - i) / pattern.dilation(head) + pattern.maxLeft();
    }

    /** The score of the key found last. */
    private float score(int row, int head) {
        float sum = 0;
        for (int d = 0; d < headSize; d++) {
            sum += query.get(row, head, d) * key.get(keys[count], head, d);
        }
        float scaled = sum * pattern.scale();
        return bias == null || columns[count] == NO_COLUMN
                ? scaled
                : scaled + bias.get(head, columns[count]);
    }

    private float factor(int sequence, int i, int j, int head) {
        if (dropout == null) {
            return 1;
        }
        if (mask == null || sequence != maskSequence) {
            mask = dropout.mask(sequence, pattern.dropout());
            maskSequence = sequence;
        }
        return mask.factor(head, i, j);
    }
}
