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

    private final int width;
    private int rows;

    /** Largest score of each row so far, [R]. */
    private float[] most = new float[0];

    /** Sum of exp(score - most), [R]. */
    private float[] mass = new float[0];

    /** Sum of exp(score - most) times the tokens' rows, [R, N]. */
    private float[] sums = new float[0];

    /** Of a block of tokens, [R, BLOCK]. */
    private float[] scores = new float[0];

    GlobalSums(int width) {
        this.width = width;
    }

    /** Begins anew, for so many rows. */
    void clear(int rows) {
        this.rows = rows;
        if (most.length < rows) {
            most = new float[rows];
            mass = new float[rows];
            sums = new float[rows * width];
            scores = new float[rows * BLOCK];
        }
        Arrays.fill(most, 0, rows, Float.NEGATIVE_INFINITY);
        Arrays.fill(mass, 0, rows, 0);
        Arrays.fill(sums, 0, rows * width, 0);
    }

    /** The means of all rows once everything is added, [R, N]; the sums are used up. */
    float[] means() {
        for (int r = 0; r < rows; r++) {
            for (int i = r * width; i < (r + 1) * width; i++) {
                sums[i] /= mass[r];
            }
        }
        return sums;
    }

    /**
     * Adds a stretch of tokens.
     *
     * @param folded queries in terms of the layer's input, [R, N]
     * @param tokens of the rows of a head, packed indices
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
        for (int start = first; start < last; start += BLOCK) {
            int many = Math.min(BLOCK, last - start);
            long at = (long) start * width * Float.BYTES;
            RowDots.compute(folded, 0, rows, read, at, many, width, scores, 0, BLOCK);
            for (int r = 0; r < rows; r++) {
                int token = tokens[r % tokens.length];
                float largest = hide(layout, r, start, many, causal ? token : last);
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
            RowSums.add(scores, 0, BLOCK, rows, read, at, many, width, sums, 0);
        }
    }

    /** Hides what a row does not see, and gives its largest score. */
    private float hide(SequenceLayout layout, int row, int start, int count, int newest) {
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
        for (int r = 0; r < rows; r++) {
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
