package io.longspan.model.golden;

/**
 * A known number beside the one that came out.
 *
 * @param caseName which sequence
 * @param number what was expected
 * @param found what came out
 */
public record GoldenComparison(String caseName, GoldenNumber number, double found) {
    /** Whether the difference is within the tolerance; not a number never is. */
    public boolean passed() {
        return Math.abs(found - number.expected()) <= number.tolerance();
    }
}
