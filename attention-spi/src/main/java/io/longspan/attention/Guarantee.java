package io.longspan.attention;

/**
 * A promise about answers that a backend may give beyond their accuracy; the contract kit proves
 * each one given.
 */
public enum Guarantee {
    /** The same batch run again gives the same bits. */
    REPEATABLE("same bits when the same batch is run again"),
    /** A sequence gives the same bits whatever else is in the batch. */
    BATCH_INVARIANT("same bits in any batch"),
    /** Several threads may call the backend at once. */
    CONCURRENT("calls from several threads");

    private final String words;

    Guarantee(String words) {
        this.words = words;
    }

    /** The promise in words. */
    public String words() {
        return words;
    }
}
