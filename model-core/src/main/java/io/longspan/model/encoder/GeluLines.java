package io.longspan.model.encoder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * GELU with the error function and its way back, on lines whose length is a multiple of {@link
 * #STEP}. Needs the module {@code jdk.incubator.vector}; the answer does not depend on the width of
 * the vectors. Off by less than 3e-7 times the larger of 1 and the number itself.
 */
final class GeluLines {
    /** What lines are filled up to a multiple of; no vector is longer. */
    static final int STEP = 64;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final float ROOT_HALF = 0.70710677f;

    /** 1 over the root of 2 pi. */
    private static final float PEAK = 0.3989423f;

    /** From here on the error function is 1 in float32. */
    private static final float FAR = 3.832507f;

    // erf(x) = x P(x^2) / Q(x^2), off by less than 4e-7 up to FAR.
    private static final float ABOVE_4 = 2.2905065e-4f;
    private static final float ABOVE_3 = 3.408291e-3f;
    private static final float ABOVE_2 = 0.050955694f;
    private static final float ABOVE_1 = 0.18520832f;
    private static final float ABOVE_0 = 1.1283791f;
    private static final float BELOW_6 = -1.1791603e-7f;
    private static final float BELOW_5 = 2.3547966e-5f;
    private static final float BELOW_4 = 1.0179626e-3f;
    private static final float BELOW_3 = 0.01407047f;
    private static final float BELOW_2 = 0.11098505f;
    private static final float BELOW_1 = 0.49746925f;
    private static final float BELOW_0 = 1;

    /** Below it the density is 0 for every purpose. */
    private static final float LOWEST = -87;

    private static final float LOG2_E = 1.442695f;

    /** ln 2 in two parts, the first with few digits. */
    private static final float LN2_HIGH = 0x1.63p-1f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /** Added to a small number, it leaves the nearest whole number in the last bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int MANTISSA_BITS = 23;

    // exp(r) for |r| up to half of ln 2.
    private static final float EXP_6 = 1.3888889e-3f;
    private static final float EXP_5 = 8.333334e-3f;
    private static final float EXP_4 = 4.1666668e-2f;
    private static final float EXP_3 = 0.16666667f;
    private static final float EXP_2 = 0.5f;
    private static final float EXP_1 = 1;
    private static final float EXP_0 = 1;

    private GeluLines() {}

    /**
     * Replaces numbers by their GELU.
     *
     * @param n how many, at least; what is behind them up to a whole step is used, too
     */
    static void apply(float[] u, int n) {
        for (int i = 0; i < n; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, u, i);
            x.mul(share(x)).intoArray(u, i);
        }
    }

    /**
     * The same and the way back.
     *
     * @param u numbers; become their GELU
     * @param gradient of the GELU; becomes that of the numbers
     */
    static void back(float[] u, float[] gradient, int n) {
        for (int i = 0; i < n; i += FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(FLOATS, u, i);
            FloatVector share = share(x);
            x.mul(share).intoArray(u, i);
            FloatVector slope = x.mul(density(x)).add(share);
            FloatVector.fromArray(FLOATS, gradient, i).mul(slope).intoArray(gradient, i);
        }
    }

    /** The share of a normal distribution that is below x. */
    private static FloatVector share(FloatVector x) {
        FloatVector z = x.mul(ROOT_HALF).min(FAR).max(-FAR);
        FloatVector square = z.mul(z);
        FloatVector above = broadcast(ABOVE_4);
        above = above.fma(square, broadcast(ABOVE_3));
        above = above.fma(square, broadcast(ABOVE_2));
        above = above.fma(square, broadcast(ABOVE_1));
        above = above.fma(square, broadcast(ABOVE_0));
        FloatVector below = broadcast(BELOW_6);
        below = below.fma(square, broadcast(BELOW_5));
        below = below.fma(square, broadcast(BELOW_4));
        below = below.fma(square, broadcast(BELOW_3));
        below = below.fma(square, broadcast(BELOW_2));
        below = below.fma(square, broadcast(BELOW_1));
        below = below.fma(square, broadcast(BELOW_0));
        FloatVector erf = z.mul(above).div(below).min(1).max(-1);
        return erf.fma(broadcast(0.5f), broadcast(0.5f));
    }

    /** The density of a normal distribution at x. */
    private static FloatVector density(FloatVector x) {
        FloatVector power = x.mul(x).mul(-0.5f).max(LOWEST);
        FloatVector shifted = power.fma(broadcast(LOG2_E), broadcast(ROUNDER));
        FloatVector whole = shifted.sub(ROUNDER);
        FloatVector rest = whole.fma(broadcast(-LN2_HIGH), power);
        rest = whole.fma(broadcast(-LN2_LOW), rest);
        FloatVector exp = broadcast(EXP_6);
        exp = exp.fma(rest, broadcast(EXP_5));
        exp = exp.fma(rest, broadcast(EXP_4));
        exp = exp.fma(rest, broadcast(EXP_3));
        exp = exp.fma(rest, broadcast(EXP_2));
        exp = exp.fma(rest, broadcast(EXP_1));
        exp = exp.fma(rest, broadcast(EXP_0));
        IntVector exponent =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
        return exp.reinterpretAsInts().add(exponent).reinterpretAsFloats().mul(PEAK);
    }

    private static FloatVector broadcast(float number) {
        return FloatVector.broadcast(FLOATS, number);
    }
}
