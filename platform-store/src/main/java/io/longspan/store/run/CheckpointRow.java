package io.longspan.store.run;

import java.time.Instant;

/**
 * A checkpoint of a run.
 *
 * @param step after which it was written
 * @param folder in Hugging Face's layout
 * @param digest SHA-256 of its weights, in hex
 * @param at when it was written
 */
public record CheckpointRow(long step, String folder, String digest, Instant at) {}
