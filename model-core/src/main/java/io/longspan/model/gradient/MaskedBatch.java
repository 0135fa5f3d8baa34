package io.longspan.model.gradient;

import io.longspan.model.ModelInputException;
import io.longspan.model.encoder.TokenBatch;

/** A packed batch with tokens to be guessed. Immutable. */
public final class MaskedBatch {
    private final TokenBatch tokens;
    private final long[] rows;
    private final long[] labels;

    /**
     * Copies the arrays and checks that there is one label per row.
     *
     * @param tokens what the model reads, masks already in place
     * @param rows packed indices of the tokens to be guessed, ascending
     * @param labels the true id for each of the rows
     * @throws ModelInputException when the numbers differ or are zero
     */
    public MaskedBatch(TokenBatch tokens, long[] rows, long[] labels) {
        this.tokens = tokens;
        this.rows = rows.clone();
        this.labels = labels.clone();
        if (rows.length != labels.length || rows.length == 0) {
            throw new ModelInputException(
                    "there are "
                            + rows.length
                            + " tokens to guess and "
                            + labels.length
                            + " labels; give one label for each and at least one");
        }
    }

    /** What the model reads. */
    public TokenBatch tokens() {
        return tokens;
    }

    /** How many tokens are to be guessed. */
    public int guesses() {
        return rows.length;
    }

    long[] rows() {
        return rows;
    }

    long[] labels() {
        return labels;
    }
}
