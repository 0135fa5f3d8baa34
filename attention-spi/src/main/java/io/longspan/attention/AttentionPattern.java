package io.longspan.attention;

import java.util.Arrays;
import java.util.Objects;

/**
 * What one layer lets a token see. Immutable; layers with equal patterns share plans.
 *
 * <p>A LOCAL row i of head h sees the LOCAL keys {@code i + t * dilation(h)} for {@code -left(h) <=
 * t <= right(h)} that exist in its sequence, and every GLOBAL key of the sequence (only those at or
 * before i when {@linkplain #causal() causal}). Scores are {@code scale * q.k}, plus a bias for the
 * offset t where {@linkplain #offsetBias() declared}; global keys get no bias.
 */
public final class AttentionPattern {
    private final int[] left;
    private final int[] right;
    private final int[] dilation;
    private final float scale;
    private final float dropout;
    private final boolean causal;
    private final boolean offsetBias;

    private AttentionPattern(Builder from) {
        left = from.left.clone();
        right = from.right.clone();
        dilation = from.dilation.clone();
        scale = from.scale;
        dropout = from.dropout;
        causal = from.causal;
        offsetBias = from.offsetBias;
    }

    /**
     * Starts a pattern of H heads: reach 0, no dilation, not causal, no dropout, no bias. The scale
     * has to be set.
     */
    public static Builder builder(int heads) {
        return new Builder(heads);
    }

    /**
     * The same window on both sides for every head, scaled by 1/sqrt(headSize): the pattern of a
     * published Longformer.
     */
    public static AttentionPattern symmetric(int heads, int reach, int headSize) {
        return builder(heads).reach(reach, reach).scaleFor(headSize).build();
    }

    /** H, the number of heads. */
    public int heads() {
        return left.length;
    }

    /** How many steps of the dilation a head looks back. */
    public int left(int head) {
        return left[head];
    }

    /** How many steps of the dilation a head looks ahead. */
    public int right(int head) {
        return right[head];
    }

    /** Tokens between neighbouring keys of a head; 1 means no gap. */
    public int dilation(int head) {
        return dilation[head];
    }

    /** The largest {@link #left(int)} of all heads. */
    public int maxLeft() {
        return Arrays.stream(left).max().orElseThrow();
    }

    /** The largest {@link #right(int)} of all heads. */
    public int maxRight() {
        return Arrays.stream(right).max().orElseThrow();
    }

    /** The factor on q.k, usually 1/sqrt(D). */
    public float scale() {
        return scale;
    }

    /**
     * Rate at which normalised probabilities are dropped when a call carries an {@link
     * AttentionDropout}; 0 for none.
     */
    public float dropout() {
        return dropout;
    }

    /**
     * Whether nothing is seen from behind: right reach 0, and a global key is seen only from itself
     * onwards.
     */
    public boolean causal() {
        return causal;
    }

    /** Whether calls carry an additive bias of shape [H, {@link #biasColumns()}]. */
    public boolean offsetBias() {
        return offsetBias;
    }

    /**
     * Columns of the offset bias: column {@code t + maxLeft()} holds the bias of offset t, for
     * every head. Columns outside a head's own reach are ignored and get a zero gradient.
     */
    public int biasColumns() {
        return maxLeft() + maxRight() + 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttentionPattern that
                && Arrays.equals(left, that.left)
                && Arrays.equals(right, that.right)
                && Arrays.equals(dilation, that.dilation)
                && Float.compare(scale, that.scale) == 0
                && Float.compare(dropout, that.dropout) == 0
                && causal == that.causal
                && offsetBias == that.offsetBias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                Arrays.hashCode(left),
                Arrays.hashCode(right),
                Arrays.hashCode(dilation),
                scale,
                dropout,
                causal,
                offsetBias);
    }

    @Override
    public String toString() {
        return "AttentionPattern[left="
                + brief(left)
                + ", right="
                + brief(right)
                + ", dilation="
                + brief(dilation)
                + ", scale="
                + scale
                + ", dropout="
                + dropout
                + ", causal="
                + causal
                + ", offsetBias="
                + offsetBias
                + "]";
    }

    private static String brief(int[] perHead) {
        boolean same = Arrays.stream(perHead).allMatch(x -> x == perHead[0]);
        return same ? perHead[0] + " x " + perHead.length : Arrays.toString(perHead);
    }

    /**
     * Collects the parts of a pattern; each setter for all heads can be followed by one for a
     * single head.
     */
    public static final class Builder {
        private final int[] left;
        private final int[] right;
        private final int[] dilation;
        private float scale = Float.NaN;
        private float dropout;
        private boolean causal;
        private boolean offsetBias;

        private Builder(int heads) {
            require(heads >= 1, "heads", heads, "at least 1");
            left = new int[heads];
            right = new int[heads];
            dilation = new int[heads];
            Arrays.fill(dilation, 1);
        }

        /** Sets the reach of every head, in steps of its dilation. */
        public Builder reach(int leftSteps, int rightSteps) {
            Arrays.fill(left, leftSteps);
            Arrays.fill(right, rightSteps);
            return this;
        }

        /** Sets the reach of one head, in steps of its dilation. */
        public Builder reach(int head, int leftSteps, int rightSteps) {
            left[head] = leftSteps;
            right[head] = rightSteps;
            return this;
        }

        /** Sets the dilation of every head. */
        public Builder dilation(int stride) {
            Arrays.fill(dilation, stride);
            return this;
        }

        /** Sets the dilation of one head. */
        public Builder dilation(int head, int stride) {
            dilation[head] = stride;
            return this;
        }

        /** Sets the factor on q.k. */
        public Builder scale(float factor) {
            scale = factor;
            return this;
        }

        /** Sets the factor on q.k to 1/sqrt(headSize). */
        public Builder scaleFor(int headSize) {
            return scale((float) (1 / Math.sqrt(headSize)));
        }

        /** Sets the dropout rate of the probabilities. */
        public Builder dropout(float rate) {
            dropout = rate;
            return this;
        }

        /** Makes the layer causal; every right reach has to be 0. */
        public Builder causal(boolean on) {
            causal = on;
            return this;
        }

        /** Declares that calls carry an offset bias. */
        public Builder offsetBias(boolean on) {
            offsetBias = on;
            return this;
        }

        /**
         * Checks the parts and makes the pattern.
         *
         * @throws IllegalArgumentException naming the first part that is out of range
         */
        public AttentionPattern build() {
            for (int h = 0; h < left.length; h++) {
                require(left[h] >= 0, "left reach of head " + h, left[h], "0 or more");
                require(right[h] >= 0, "right reach of head " + h, right[h], "0 or more");
                require(dilation[h] >= 1, "dilation of head " + h, dilation[h], "1 or more");
                require(
                        !causal || right[h] == 0,
                        "right reach of head " + h,
                        right[h],
                        "0 in a causal pattern");
                long span = Math.max((long) left[h], right[h]) * dilation[h];
                require(
                        span <= Integer.MAX_VALUE / 2,
                        "span of head " + h,
                        span,
                        "at most 2^30 tokens");
            }
            require(
                    Float.isFinite(scale) && scale > 0,
                    "scale",
                    scale,
                    "a positive number; call scale or scaleFor");
            require(dropout >= 0 && dropout < 1, "dropout rate", dropout, "at least 0 and below 1");
            return new AttentionPattern(this);
        }

        private static void require(boolean holds, String what, Number value, String allowed) {
            if (!holds) {
                throw new IllegalArgumentException(
                        what + " is " + value + "; it must be " + allowed);
            }
        }
    }
}
