package io.longspan.attention.testkit.run;

import org.jspecify.annotations.Nullable;

/** What a forward pass for gradients and its backward pass gave; the arrays are the caller's. */
public final class GradientAnswer {
    private final float[] output;
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float @Nullable [] bias;

    GradientAnswer(
            float[] output, float[] query, float[] key, float[] value, float @Nullable [] bias) {
        this.output = output;
        this.query = query;
        this.key = key;
        this.value = value;
        this.bias = bias;
    }

    /** Output of the forward pass, [R, H, D]. */
    public float[] output() {
        return output;
    }

    /** Gradient of the query, [R, H, D]. */
    public float[] query() {
        return query;
    }

    /** Gradient of the key, [T, H, D]. */
    public float[] key() {
        return key;
    }

    /** Gradient of the value, [T, H, D]. */
    public float[] value() {
        return value;
    }

    /** Gradient of the offset bias, [H, columns], or null when there is none. */
    public float @Nullable [] bias() {
        return bias;
    }
}
