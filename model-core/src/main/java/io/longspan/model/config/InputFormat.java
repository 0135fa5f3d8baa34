package io.longspan.model.config;

import org.jspecify.annotations.Nullable;

/**
 * How texts are put before a model.
 *
 * @param globalTokens which tokens are global; null when the checkpoint leaves it to its task
 * @param pairSeparators separators between the two texts of a pair: 2 as in RoBERTa, or 1
 */
public record InputFormat(@Nullable GlobalPolicy globalTokens, int pairSeparators) {
    /** RoBERTa's pairs; global tokens as the task has them. */
    public static final InputFormat DEFAULT = new InputFormat(null, 2);

    /**
     * Checks the count.
     *
     * @throws io.longspan.model.ModelInputException when it is not 1 or 2
     */
    public InputFormat {
        Checks.range(Keys.PAIR_SEPARATORS, pairSeparators, 1, 2);
    }

    /** The same with other global tokens. */
    public InputFormat with(GlobalPolicy policy) {
        return new InputFormat(policy, pairSeparators);
    }
}
