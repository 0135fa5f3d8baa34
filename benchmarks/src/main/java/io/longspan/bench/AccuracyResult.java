package io.longspan.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in one run of {@link AccuracyBench}.
 *
 * @param request as asked
 * @param cpu as the system names it
 * @param backend attention backend of all sides
 * @param sequences blocks of text
 * @param tokens in them
 * @param hidden of them
 * @param accuracy share of hidden tokens that the engine's linear guesses right; null without a
 *     language-model head
 * @param variantError relative error that putting outliers in costs in float32; null without them
 * @param variantAgreement share of hidden tokens for which the model with and without outliers
 *     guess the same first, both in float32; null without them or without a head
 * @param rows by precision
 */
public record AccuracyResult(
        AccuracyRequest request,
        String cpu,
        String backend,
        int sequences,
        int tokens,
        int hidden,
        @Nullable Double accuracy,
        @Nullable Double variantError,
        @Nullable Double variantAgreement,
        List<AccuracyRow> rows) {
    /** Copies the list. */
    public AccuracyResult {
        rows = List.copyOf(rows);
    }
}
