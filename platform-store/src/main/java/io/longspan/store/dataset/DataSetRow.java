package io.longspan.store.dataset;

import java.time.Instant;
import java.util.Optional;

/**
 * One folder of token shards.
 *
 * @param id key
 * @param name last part of the folder
 * @param folder absolute path
 * @param corpus what was read, such as {@code books}
 * @param state how far it is
 * @param documents written
 * @param dropped documents left out, each for a reason that the manifest counts
 * @param tokens written, separators included
 * @param shards published
 * @param tokenizerDigest SHA-256 of the tokenizer, in hex; empty while unknown
 * @param manifest the manifest as JSON, once it is complete
 * @param createdAt when it was first begun
 * @param updatedAt when this row changed last
 */
public record DataSetRow(
        long id,
        String name,
        String folder,
        String corpus,
        DataSetState state,
        long documents,
        long dropped,
        long tokens,
        int shards,
        String tokenizerDigest,
        Optional<String> manifest,
        Instant createdAt,
        Instant updatedAt) {}
