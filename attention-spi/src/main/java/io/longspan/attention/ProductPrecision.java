package io.longspan.attention;

/**
 * How coarsely a backend may round what it multiplies. A permission, not a demand: a backend that
 * has no faster way for it computes as exactly as ever. Inputs, sums, softmax and output keep the
 * element type of the tensors either way.
 */
public enum ProductPrecision {
    /** Factors are the tensors' own numbers. */
    EXACT,
    /**
     * Factors (queries, keys, values, probabilities) may be rounded to bfloat16, 8 bits of
     * precision, and are summed in float32. Only for inference: a workload with {@link
     * Feature#GRADIENTS} is computed exactly.
     */
    BF16
}
