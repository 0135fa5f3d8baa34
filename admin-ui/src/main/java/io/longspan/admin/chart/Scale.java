package io.longspan.admin.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Values along an axis, and the round ones worth a line.
 *
 * @param low least value shown
 * @param high greatest value shown; more than {@code low}
 * @param start where {@code low} lies in the drawing
 * @param end where {@code high} lies
 */
record Scale(double low, double high, double start, double end) {
    /** Around values of which the least and greatest are known; equal ones get some room. */
    static Scale over(double least, double greatest, double start, double end) {
        double room = greatest > least ? 0 : Math.max(Math.abs(least) * 0.05, 0.5);
        return new Scale(least - room, greatest + room, start, end);
    }

    double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    /**
     * Round values (1, 2 or 5 times a power of ten apart), about {@code wanted} of them.
     *
     * @param closest they are no closer than this
     */
    List<Double> ticks(int wanted, double closest) {
        double apart = Math.max(roundUp((high - low) / wanted), closest);
        List<Double> ticks = new ArrayList<>();
        for (double i = Math.ceil(low / apart); i * apart <= high; i++) {
            ticks.add(i * apart);
        }
        return ticks;
    }

    /** Digits after the point that tell neighbouring ticks apart. */
    int digits(int wanted) {
        return (int) Math.max(0, -Math.floor(Math.log10(roundUp((high - low) / wanted)) + 1e-9));
    }

    private static double roundUp(double distance) {
        double power = Math.pow(10, Math.floor(Math.log10(distance)));
        double rest = distance / power;
        return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
    }
}
