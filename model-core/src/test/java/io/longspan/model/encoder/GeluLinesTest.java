package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class GeluLinesTest {
    private static final int STEPS = 40 * GeluLines.STEP;

    @Test
    void valueAndSlopeAreThoseOfTheDefinition() {
        float[] numbers = new float[STEPS];
        for (int i = 0; i < STEPS; i++) {
            numbers[i] = -12 + 24f * i / STEPS;
        }
        float[] forward = numbers.clone();
        GeluLines.apply(forward, STEPS);
        float[] again = numbers.clone();
        float[] gradient = new float[STEPS];
        Arrays.fill(gradient, 2);
        GeluLines.back(again, gradient, STEPS);
        assertThat(again).isEqualTo(forward);
        for (int i = 0; i < STEPS; i++) {
            double x = numbers[i];
            double share = share(x);
            double slope = share + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            double allowed = 3e-7 * Math.max(1, Math.abs(x));
            assertThat((double) forward[i]).as("at %s", x).isCloseTo(x * share, within(allowed));
            assertThat((double) gradient[i]).as("at %s", x).isCloseTo(2 * slope, within(1e-6));
        }
    }

    @Test
    void whatIsNoNumberStaysNone() {
        float[] numbers = new float[GeluLines.STEP];
        numbers[3] = Float.NaN;
        float[] gradient = new float[GeluLines.STEP];
        Arrays.fill(gradient, 1);
        GeluLines.back(numbers, gradient, GeluLines.STEP);
        assertThat(numbers[3]).isNaN();
        assertThat(gradient[3]).isNaN();
        assertThat(gradient[4]).isEqualTo(0.5f);
    }

    /** By the series of the error function; beyond 6 it is 0 or 1 in float32. */
    private static double share(double x) {
        if (Math.abs(x) > 6) {
            return x > 0 ? 1 : 0;
        }
        double z = x / Math.sqrt(2);
        double term = z;
        double sum = z;
        for (int n = 1; n < 200; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return 0.5 + sum / Math.sqrt(Math.PI);
    }
}
