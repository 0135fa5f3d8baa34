package io.longspan.store.inference;

/**
 * How many inferences there are.
 *
 * @param rows of the log
 * @param exact whether they were counted; otherwise the database's own estimate
 */
public record InferenceCount(long rows, boolean exact) {}
