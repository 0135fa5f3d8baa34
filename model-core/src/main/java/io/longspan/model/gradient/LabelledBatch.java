package io.longspan.model.gradient;

import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.Labels;

/**
 * A packed batch with its truth.
 *
 * @param tokens what the model reads
 * @param labels what it should say
 */
public record LabelledBatch(TokenBatch tokens, Labels labels) {}
