package io.longspan.attention.testkit.run;

import org.jspecify.annotations.Nullable;

/** What a forward pass gave; the arrays belong to the caller. */
public final class Answer {
    private final float[] output;
    private final float @Nullable [] logSumExp;
    private final int strayArrays;

    Answer(float[] output, float @Nullable [] logSumExp, int strayArrays) {
        this.output = output;
        this.logSumExp = logSumExp;
        this.strayArrays = strayArrays;
    }

    /** [R, H, D]. */
    public float[] output() {
        return output;
    }

    /** [R, H], or null when it was not asked for. */
    public float @Nullable [] logSumExp() {
        return logSumExp;
    }

    /**
     * NDArrays that the call left with the caller's manager beyond its results; 0 for a kernel,
     * which has none.
     */
    public int strayArrays() {
        return strayArrays;
    }
}
