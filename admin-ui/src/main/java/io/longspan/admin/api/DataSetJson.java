package io.longspan.admin.api;

import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.dataset.DataSetState;
import java.time.Instant;

/** A data set without its manifest, which stands in its folder. */
record DataSetJson(
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
        Instant createdAt,
        Instant updatedAt) {
    static DataSetJson of(DataSetRow set) {
        return new DataSetJson(
                set.id(),
                set.name(),
                set.folder(),
                set.corpus(),
                set.state(),
                set.documents(),
                set.dropped(),
                set.tokens(),
                set.shards(),
                set.tokenizerDigest(),
                set.createdAt(),
                set.updatedAt());
    }
}
