package io.longspan.bench;

import org.jspecify.annotations.Nullable;

/**
 * How far the answers of one precision are from those of the engine's linear in float32.
 *
 * @param precision of the packed linear layers
 * @param relativeError of all token embeddings together: norm of the differences over the norm
 * @param largestDifference of a number of a token embedding
 * @param cosineMean of token embeddings, mean over the tokens
 * @param cosineFirstPercentile the cosine below which one token in a hundred lies
 * @param agreement share of hidden tokens for which both guess the same first; null without a
 *     language-model head
 * @param accuracy share of hidden tokens that are guessed right
 * @param fallback why this precision did not run, and DJL's linear did; null otherwise
 */
public record AccuracyRow(
        String precision,
        double relativeError,
        double largestDifference,
        double cosineMean,
        double cosineFirstPercentile,
        @Nullable Double agreement,
        @Nullable Double accuracy,
        @Nullable String fallback) {}
