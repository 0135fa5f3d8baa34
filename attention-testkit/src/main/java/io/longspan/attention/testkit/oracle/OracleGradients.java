package io.longspan.attention.testkit.oracle;

/** Gradients of sum(output * outputGradient); the arrays belong to the caller. */
public final class OracleGradients {
    private final double[] query;
    private final double[] key;
    private final double[] value;
    private final double[] bias;

    OracleGradients(int query, int key, int value, int bias) {
        this.query = new double[query];
        this.key = new double[key];
        this.value = new double[value];
        this.bias = new double[bias];
    }

    /** [R, H, D]; zeros on GLOBAL and MASKED rows. */
    public double[] query() {
        return query;
    }

    /** [T, H, D]; zeros on MASKED keys. */
    public double[] key() {
        return key;
    }

    /** [T, H, D]; zeros on MASKED keys. */
    public double[] value() {
        return value;
    }

    /** [H, columns]; of length 0 when the pattern has no offset bias. */
    public double[] bias() {
        return bias;
    }
}
