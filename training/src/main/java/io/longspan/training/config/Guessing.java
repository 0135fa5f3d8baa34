package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.List;
import java.util.Map;

/**
 * Which tokens a masked language model guesses.
 *
 * @param share of tokens to be guessed
 * @param maskShare of those, replaced by the mask token
 * @param randomShare of those, replaced by a random token; the rest stay
 * @param maskTokenId id of the mask token; -1 when the model's tokenizer says
 */
public record Guessing(double share, double maskShare, double randomShare, int maskTokenId) {
    static final List<String> KEYS =
            List.of("mask_share", "mask_token_share", "random_token_share", "mask_token_id");

    /**
     * Checks.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public Guessing {
        Need.that(share > 0 && share < 1, "mask_share", share, "above 0 and below 1");
        Need.that(maskShare >= 0 && maskShare <= 1, "mask_token_share", maskShare, "from 0 to 1");
        Need.that(
                randomShare >= 0 && maskShare + randomShare <= 1 + 1e-12,
                "random_token_share",
                randomShare,
                "0 or more and, with mask_token_share, at most 1");
    }

    static Guessing parse(Settings from) {
        return new Guessing(
                from.number("mask_share", 0.15),
                from.number("mask_token_share", 0.8),
                from.number("random_token_share", 0.1),
                from.text("mask_token_id") == null ? -1 : from.count("mask_token_id", 0));
    }

    void put(Map<String, String> all) {
        all.put("mask_share", Double.toString(share));
        all.put("mask_token_share", Double.toString(maskShare));
        all.put("random_token_share", Double.toString(randomShare));
        if (maskTokenId >= 0) {
            all.put("mask_token_id", Integer.toString(maskTokenId));
        }
    }
}
