package io.longspan.cli.term;

/** A curve in one line of text. */
public final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * Draws numbers as bars from their least to their greatest.
     *
     * @param values at least one
     * @param width characters at most; more values than that are averaged in groups
     */
    public static String of(double[] values, int width) {
        int columns = Math.min(width, values.length);
        double[] means = new double[columns];
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < columns; c++) {
            int from = (int) ((long) c * values.length / columns);
            int to = (int) ((long) (c + 1) * values.length / columns);
            for (int i = from; i < to; i++) {
                means[c] += values[i] / (to - from);
            }
            least = Math.min(least, means[c]);
            greatest = Math.max(greatest, means[c]);
        }
        StringBuilder line = new StringBuilder();
        for (double mean : means) {
            double share = greatest > least ? (mean - least) / (greatest - least) : 0;
            line.append(BARS.charAt((int) Math.round(share * (BARS.length() - 1))));
        }
        return line.toString();
    }
}
