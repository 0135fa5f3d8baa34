package io.longspan.ingest;

import io.longspan.corpus.ShardEntry;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the documents of one shard; written before the shard becomes visible.
 *
 * @param read documents read
 * @param bytes of the source
 * @param dropped documents dropped, by reason
 * @param languages documents written, by language
 * @param entry what the manifest says, or nothing when all were dropped and there is no shard
 * @param last whether its lane ends with it
 */
record Receipt(
        long read,
        long bytes,
        SortedMap<String, Long> dropped,
        SortedMap<String, Long> languages,
        Optional<ShardEntry> entry,
        boolean last) {
    Receipt {
        dropped = new TreeMap<>(dropped);
        languages = new TreeMap<>(languages);
    }

    long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    long written() {
        return entry.map(ShardEntry::documents).orElse(0L);
    }

    long tokens() {
        return entry.map(ShardEntry::tokens).orElse(0L);
    }
}
