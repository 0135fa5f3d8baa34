package io.longspan.bench;

import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to compare.
 *
 * @param model checkpoint folder with its tokenizer
 * @param texts a text file, or a folder of files that end in .txt
 * @param precisions of packed linear layers
 * @param tokens about as many are read, in blocks from everywhere in the texts
 * @param length tokens of a block at most, special tokens included; the model's positions limit it
 * @param maskShare of the tokens that are hidden and guessed
 * @param seed of the hidden tokens and of the outlier channels
 * @param outliers to put into the model first, or null for the model as it is
 */
public record AccuracyRequest(
        Path model,
        Path texts,
        List<LinearPrecision> precisions,
        int tokens,
        int length,
        double maskShare,
        long seed,
        @Nullable Outliers outliers) {
    /** Embeddings of all of them are in memory. */
    private static final int MOST_TOKENS = 1 << 18;

    /** Checks the ranges. */
    public AccuracyRequest {
        precisions = List.copyOf(precisions);
        if (tokens < 1 || tokens > MOST_TOKENS || length < 3) {
            throw new IllegalArgumentException(
                    "tokens is "
                            + tokens
                            + " and length "
                            + length
                            + "; they must be from 1 to "
                            + MOST_TOKENS
                            + ", and at least 3");
        }
        if (!(maskShare > 0 && maskShare <= 1)) {
            throw new IllegalArgumentException(
                    "the share of hidden tokens is "
                            + maskShare
                            + "; it must be above 0, at most 1");
        }
    }

    /**
     * Channels far larger than the others, see {@link OutlierVariant}.
     *
     * @param factor how many times as large as the others, about
     * @param channels of every layer
     */
    public record Outliers(double factor, int channels) {
        /** Checks the ranges. */
        public Outliers {
            if (!(factor > 0 && factor <= 1000) || channels < 1) {
                throw new IllegalArgumentException(
                        "outliers are "
                                + factor
                                + ","
                                + channels
                                + "; the factor must be above 0 and at most 1000, the channels at least 1");
            }
        }
    }
}
