package io.longspan.attention.testkit.oracle;

/** The oracle's answer; the arrays belong to the caller. */
public final class OracleForward {
    private final double[] output;
    private final double[] logSumExp;

    OracleForward(double[] output, double[] logSumExp) {
        this.output = output;
        this.logSumExp = logSumExp;
    }

    /** [R, H, D]; zeros on GLOBAL and MASKED rows and on rows that see nothing. */
    public double[] output() {
        return output;
    }

    /** [R, H]; natural log, before dropout; minus infinity where the output is zeros. */
    public double[] logSumExp() {
        return logSumExp;
    }
}
