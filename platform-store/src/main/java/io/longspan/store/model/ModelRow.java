package io.longspan.store.model;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A registered version of a model.
 *
 * @param name under which it is asked for
 * @param version never changes its meaning
 * @param folder of the checkpoint
 * @param digest SHA-256 of the weights, in hex
 * @param task such as {@code masked-lm}
 * @param architecture such as {@code longformer}
 * @param parameters numbers in the weights
 * @param maxTokens longest sequence
 * @param runId the run that trained it, if known
 * @param createdAt when it was registered
 */
public record ModelRow(
        String name,
        String version,
        String folder,
        String digest,
        String task,
        String architecture,
        long parameters,
        int maxTokens,
        OptionalLong runId,
        Instant createdAt) {}
