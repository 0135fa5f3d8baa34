package io.longspan.training.config;

/** How the learning rate falls after the warm-up. */
public enum Decay {
    /** By a polynomial: the share of steps that is left, to a power. */
    POLYNOMIAL,
    /** In a straight line. */
    LINEAR,
    /** By half a wave of a cosine. */
    COSINE,
    /** Not at all. */
    CONSTANT;

    /**
     * What is left of the height.
     *
     * @param left share of the steps after the warm-up that is still to come, 0 to 1
     * @param power of the polynomial
     * @return 0 to 1
     */
    public double share(double left, double power) {
        return switch (this) {
            case POLYNOMIAL -> Math.pow(left, power);
            case LINEAR -> left;
            case COSINE -> (1 - StrictMath.cos(Math.PI * left)) / 2;
            case CONSTANT -> 1;
        };
    }
}
