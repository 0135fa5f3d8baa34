package io.longspan.attention.testkit.run;

/**
 * How far a number may be from the oracle's: |actual - expected| at most absolute + relative *
 * |expected|. Infinity is only near itself, NaN is near nothing.
 *
 * @param absolute 0 or more
 * @param relative 0 or more
 */
public record Tolerance(double absolute, double relative) {
    /** Checks the ranges. */
    public Tolerance {
        if (!(absolute >= 0) || !(relative >= 0)) {
            throw new IllegalArgumentException(
                    "tolerance is "
                            + absolute
                            + " + "
                            + relative
                            + " * |x|; both must be 0 or more");
        }
    }

    /** The same with both parts multiplied. */
    public Tolerance times(double factor) {
        return new Tolerance(absolute * factor, relative * factor);
    }

    /** Whether it allows nothing that {@code other} forbids. */
    public boolean isWithin(Tolerance other) {
        return absolute <= other.absolute && relative <= other.relative;
    }

    /** The error in units of what is allowed: at most 1 when it is near enough. */
    double error(double actual, double expected) {
        if (actual == expected) {
            return 0;
        }
        double distance = Math.abs(actual - expected);
        if (!Double.isFinite(actual) || !Double.isFinite(expected)) {
            return Double.POSITIVE_INFINITY;
        }
        double allowed = absolute + relative * Math.abs(expected);
        return allowed == 0 ? Double.POSITIVE_INFINITY : distance / allowed;
    }
}
