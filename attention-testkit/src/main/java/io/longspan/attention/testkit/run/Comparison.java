package io.longspan.attention.testkit.run;

import io.longspan.attention.testkit.cases.AttentionCase;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Compares one quantity of a case element by element. A failure names the case with its seed, the
 * worst element by its indices and both values, and says how the errors are spread.
 */
public final class Comparison {
    private final AttentionCase asked;
    private final String quantity;
    private final int[] shape;
    private IntPredicate compared = element -> true;

    /** A comparison of a tensor of the given shape. */
    public Comparison(AttentionCase asked, String quantity, int... shape) {
        this.asked = asked;
        this.quantity = quantity;
        this.shape = shape.clone();
    }

    /** Leaves out every element that the predicate refuses. */
    public Comparison where(IntPredicate elements) {
        compared = elements;
        return this;
    }

    /** Fails unless every compared element is near enough. */
    public void near(Tolerance tolerance, float[] actual, double[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(
                    quantity
                            + " has "
                            + actual.length
                            + " elements; it must have "
                            + expected.length
                            + "\n"
                            + asked);
        }
        int worst = -1;
        double most = 1;
        int wrong = 0;
        int[] spread = new int[4];
        for (int i = 0; i < actual.length; i++) {
            if (!compared.test(i)) {
                continue;
            }
            double error = tolerance.error(actual[i], expected[i]);
            spread[error <= 1 ? 0 : error <= 10 ? 1 : error <= 1000 ? 2 : 3]++;
            wrong += error > 1 ? 1 : 0;
            if (error > most) {
                most = error;
                worst = i;
            }
        }
        if (worst >= 0) {
            throw new AssertionError(
                    String.format(
                            Locale.ROOT,
                            "%s is wrong at %d of %d elements; worst at %s: got %s, expected %s,"
                                    + " allowed error %.3g + %.3g * |expected|%n"
                                    + "errors in units of the allowed one: %d up to 1, %d up to 10, %d"
                                    + " up to 1000, %d above or not finite%n%s",
                            quantity,
                            wrong,
                            Arrays.stream(spread).sum(),
                            where(worst),
                            actual[worst],
                            expected[worst],
                            tolerance.absolute(),
                            tolerance.relative(),
                            spread[0],
                            spread[1],
                            spread[2],
                            spread[3],
                            asked));
        }
    }

    /** Fails unless every compared element has the same bits; any NaN equals any other. */
    public void identical(float[] actual, float[] expected) {
        for (int i = 0; i < Math.max(actual.length, expected.length); i++) {
            if (compared.test(i)
                    && Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
                throw new AssertionError(
                        quantity
                                + " differs at "
                                + where(i)
                                + ": got "
                                + actual[i]
                                + ", expected "
                                + expected[i]
                                + ", bit for bit\n"
                                + asked);
            }
        }
    }

    /** Fails unless every compared element is zero. */
    public void zero(float[] actual) {
        for (int i = 0; i < actual.length; i++) {
            if (compared.test(i) && actual[i] != 0) {
                throw new AssertionError(
                        quantity
                                + " at "
                                + where(i)
                                + " is "
                                + actual[i]
                                + "; it must be exactly zero\n"
                                + asked);
            }
        }
    }

    private String where(int element) {
        int[] index = new int[shape.length];
        int rest = element;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return Arrays.stream(index)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
