package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A softmax over the tokens of a sequence with the weighted mean of their rows, in one pass: the
 * largest score so far is the unit, and sums move to another one when it grows.
 */
final class GlobalSums {
    /** Tokens whose scores are held at once. */
    static final int BLOCK = 64;

    /** Largest score of each row so far, [R]. */
    private final float[] most;

    /** Sum of exp(score - most), [R]. */
    private final float[] mass;

    /** Sum of exp(score - most) times the tokens' rows, [R, N]. */
    private final float[] sums;

    private final int width;

    GlobalSums(int rows, int width) {
        most = new float[rows];
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
        mass = new float[rows];
        sums = new float[rows * width];
        this.width = width;
    }

    /** A number of a row's mean, once all is added. */
    float mean(int row, int column) {
        return sums[row * width + column] / mass[row];
    }

    /**
     * Adds a stretch of tokens.
     *
     * @param folded queries in terms of the layer's input, [R, N]
     * @param tokens of the rows, packed indices, one for every {@code heads} rows
     * @param causal whether a row sees no token after its own
     * @param first token of the stretch, a packed index
     * @param last exclusive
     */
    void add(
            MemorySegment read,
            SequenceLayout layout,
            float[] folded,
            int[] tokens,
            boolean causal,
            int first,
            int last) {
        int few = most.length;
        int heads = few / tokens.length;
        float[] scores = new float[few * BLOCK];
        for (int start = first; start < last; start += BLOCK) {
            int many = Math.min(BLOCK, last - start);
            long at = (long) start * width * Float.BYTES;
            RowProducts.dots(folded, 0, few, read, at, many, width, scores, 0, BLOCK);
            for (int r = 0; r < few; r++) {
                int token = tokens[r / heads];
                float largest = hide(layout, scores, r, start, many, causal ? token : last);
                if (largest > most[r]) {
                    grow(r, largest);
                }
                for (int j = r * BLOCK; j < r * BLOCK + many; j++) {
                    float weight =
                            scores[j] == Float.NEGATIVE_INFINITY ? 0 : exp(scores[j] - most[r]);
                    scores[j] = weight;
                    mass[r] += weight;
                }
            }
            RowProducts.accumulate(scores, 0, BLOCK, few, read, at, many, width, sums, 0);
        }
    }

    /** Hides what a row does not see, and gives its largest score. */
    private static float hide(
            SequenceLayout layout, float[] scores, int row, int start, int count, int newest) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            int place = row * BLOCK + j;
            if (start + j > newest || layout.role(start + j) == TokenRole.MASKED) {
                scores[place] = Float.NEGATIVE_INFINITY;
            }
            largest = Math.max(largest, scores[place]);
        }
        return largest;
    }

    private void grow(int row, float largest) {
        float factor = most[row] == Float.NEGATIVE_INFINITY ? 0 : exp(most[row] - largest);
        most[row] = largest;
        mass[row] *= factor;
        for (int i = row * width; i < (row + 1) * width; i++) {
            sums[i] *= factor;
        }
    }

    private static float exp(float x) {
        return (float) Math.exp(x);
    }

    /** Adds the sums of another stretch; the order of the stretches decides the last bits. */
    void merge(GlobalSums other) {
        for (int r = 0; r < most.length; r++) {
            if (other.most[r] > most[r]) {
                grow(r, other.most[r]);
            }
            if (other.most[r] == Float.NEGATIVE_INFINITY) {
                continue;
            }
            float factor = exp(other.most[r] - most[r]);
            mass[r] += factor * other.mass[r];
            for (int i = r * width; i < (r + 1) * width; i++) {
                sums[i] += factor * other.sums[i];
            }
        }
    }
}
