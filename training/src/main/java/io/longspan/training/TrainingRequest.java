package io.longspan.training;

import io.longspan.attention.AttentionBackend;

/**
 * A run to be made or taken up.
 *
 * @param config what to do
 * @param backend open; stays the caller's
 * @param backendName written down with the run
 * @param backendVersion written down with the run
 * @param data to train on; stays the caller's
 */
public record TrainingRequest(
        TrainingConfig config,
        AttentionBackend backend,
        String backendName,
        String backendVersion,
        TokenSource data) {}
