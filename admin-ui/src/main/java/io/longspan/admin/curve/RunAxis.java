package io.longspan.admin.curve;

/** What the numbers of runs are drawn over. */
public enum RunAxis {
    /** Steps of the optimiser. */
    STEP,
    /** Tokens, by the run's own {@code tokens_per_step}. */
    TOKENS,
    /** Seconds since the run's first measurement of that number. */
    TIME;

    /** As it stands in an address. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
