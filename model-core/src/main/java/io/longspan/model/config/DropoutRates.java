package io.longspan.model.config;

/**
 * How much is dropped in training.
 *
 * @param hidden rate of dropout of hidden states
 * @param attention rate of dropout of attention probabilities
 */
public record DropoutRates(double hidden, double attention) {
    /** Nothing is dropped. */
    public static final DropoutRates NONE = new DropoutRates(0, 0);

    /**
     * Checks the rates.
     *
     * @throws io.longspan.model.ModelInputException when one is not at least 0 and below 1
     */
    public DropoutRates {
        Checks.rate("hidden dropout", hidden);
        Checks.rate("attention dropout", attention);
    }

    /** The rates that a model's configuration gives. */
    public static DropoutRates of(LongformerConfig config) {
        return new DropoutRates(config.hiddenDropout(), config.attentionDropout());
    }

    /** Whether anything is dropped. */
    public boolean any() {
        return hidden > 0 || attention > 0;
    }
}
