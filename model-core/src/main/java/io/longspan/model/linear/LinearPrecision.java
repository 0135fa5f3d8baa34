package io.longspan.model.linear;

/** What the products of a linear layer are made of; sums and borders are wider. */
public enum LinearPrecision {
    /** float32 products, float32 sums. */
    FP32,

    /** Weights and inputs rounded to bfloat16, float32 sums. */
    BF16,

    /**
     * Weights rounded to 8 bits with one scale per output, inputs with one scale per row, taken
     * from the row's largest magnitude; 32-bit sums. A row that holds NaN or infinity comes out as
     * NaN.
     */
    INT8
}
