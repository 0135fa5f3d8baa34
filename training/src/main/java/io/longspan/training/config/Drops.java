package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LongformerConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rates of dropout.
 *
 * @param hidden of hidden states; null for the rate in the model's configuration
 * @param attention of attention probabilities; null for the rate in the model's configuration
 */
public record Drops(@Nullable Double hidden, @Nullable Double attention) {
    static final String HIDDEN = "hidden_dropout";
    static final String ATTENTION = "attention_dropout";

    /** In place of a rate: what the model's configuration says. */
    private static final String OF_MODEL = "model";

    /**
     * Checks.
     *
     * @throws ModelInputException naming the rate that is not allowed
     */
    public Drops {
        check(HIDDEN, hidden);
        check(ATTENTION, attention);
    }

    static Drops parse(Settings from) {
        return new Drops(rate(from, HIDDEN), rate(from, ATTENTION));
    }

    /** The rates with which a model is trained. */
    public DropoutRates of(LongformerConfig model) {
        return new DropoutRates(
                hidden == null ? model.hiddenDropout() : hidden,
                attention == null ? model.attentionDropout() : attention);
    }

    void put(Map<String, String> all) {
        put(all, HIDDEN, hidden);
        put(all, ATTENTION, attention);
    }

    private static @Nullable Double rate(Settings from, String key) {
        String text = from.text(key);
        return text == null || text.equals(OF_MODEL) ? null : (Double) from.number(key, 0);
    }

    private static void put(Map<String, String> all, String key, @Nullable Double rate) {
        all.put(key, rate == null ? OF_MODEL : Double.toString(rate));
    }

    private static void check(String key, @Nullable Double rate) {
        Need.that(
                rate == null || (rate >= 0 && rate < 1),
                key,
                rate == null ? 0 : rate,
                "at least 0 and below 1, or '" + OF_MODEL + "' for the rate of the model");
    }
}
