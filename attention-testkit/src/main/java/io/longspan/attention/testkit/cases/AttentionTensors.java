package io.longspan.attention.testkit.cases;

import org.jspecify.annotations.Nullable;

/** The numbers of one case, row-major. Each call of an accessor gives the array itself. */
public final class AttentionTensors {
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float @Nullable [] bias;
    private final float[] outputGradient;

    /**
     * Takes over the arrays.
     *
     * @param query [R, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @param bias [H, columns], or null
     * @param outputGradient [R, H, D]
     */
    public AttentionTensors(
            float[] query,
            float[] key,
            float[] value,
            float @Nullable [] bias,
            float[] outputGradient) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.bias = bias;
        this.outputGradient = outputGradient;
    }

    /** [R, H, D]. */
    public float[] query() {
        return query;
    }

    /** [T, H, D]. */
    public float[] key() {
        return key;
    }

    /** [T, H, D]. */
    public float[] value() {
        return value;
    }

    /** [H, columns], or null when the pattern has no offset bias. */
    public float @Nullable [] bias() {
        return bias;
    }

    /** [R, H, D]. */
    public float[] outputGradient() {
        return outputGradient;
    }

    /** The same numbers in arrays of their own. */
    public AttentionTensors copy() {
        return new AttentionTensors(
                query.clone(),
                key.clone(),
                value.clone(),
                bias == null ? null : bias.clone(),
                outputGradient.clone());
    }
}
