package io.longspan.attention.testkit.run;

/**
 * The tolerance of each quantity. The kit sets them; a backend's test may ask for tighter ones.
 *
 * @param output of the forward pass
 * @param logSumExp of the forward pass
 * @param queryGradient dq
 * @param keyGradient dk
 * @param valueGradient dv
 * @param biasGradient dBias, a sum over all rows
 */
public record Tolerances(
        Tolerance output,
        Tolerance logSumExp,
        Tolerance queryGradient,
        Tolerance keyGradient,
        Tolerance valueGradient,
        Tolerance biasGradient) {

    /** The kit's, for float32 tensors of standard normal numbers. */
    public static Tolerances fp32() {
        Tolerance gradient = new Tolerance(2e-5, 2e-5);
        return new Tolerances(
                new Tolerance(5e-6, 1e-5),
                new Tolerance(5e-6, 2e-6),
                gradient,
                gradient,
                gradient,
                new Tolerance(5e-5, 2e-5));
    }

    /** Whether none of them allows what {@code other} forbids. */
    public boolean areWithin(Tolerances other) {
        return output.isWithin(other.output)
                && logSumExp.isWithin(other.logSumExp)
                && queryGradient.isWithin(other.queryGradient)
                && keyGradient.isWithin(other.keyGradient)
                && valueGradient.isWithin(other.valueGradient)
                && biasGradient.isWithin(other.biasGradient);
    }

    /** The same with every gradient's tolerance multiplied. */
    public Tolerances gradientsTimes(double factor) {
        return new Tolerances(
                output,
                logSumExp,
                queryGradient.times(factor),
                keyGradient.times(factor),
                valueGradient.times(factor),
                biasGradient.times(factor));
    }
}
