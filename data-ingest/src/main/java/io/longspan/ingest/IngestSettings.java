package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.rule.IngestRules;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What shapes the content of a data set.
 *
 * @param normalization what is done to a text before it is tokenised
 * @param shardBytes bytes after which a shard is full: of the source where its files are documents,
 *     of text where they hold many; a longer document fills one alone
 * @param longestDocument bytes above which a document is dropped; every worker holds one document
 * @param rules which documents are kept, and what is done to them
 */
public record IngestSettings(
        Normalization normalization, long shardBytes, long longestDocument, IngestRules rules) {
    /** The defaults: standard normalisation, shards of 64 MiB, documents up to 64 MiB. */
    public static final IngestSettings STANDARD =
            new IngestSettings(Normalization.STANDARD, 64L << 20, 64L << 20);

    private static final long LARGEST_DOCUMENT = 1L << 28;

    /**
     * Checks the numbers.
     *
     * @throws CorpusException naming the one that is wrong
     */
    public IngestSettings {
        if (shardBytes < 1) {
            throw new CorpusException(
                    "setting 'shard_bytes' is " + shardBytes + "; it must be at least 1");
        }
        if (longestDocument < 1 || longestDocument > LARGEST_DOCUMENT) {
            throw new CorpusException(
                    "setting 'longest_document' is "
                            + longestDocument
                            + "; it must be from 1 to "
                            + LARGEST_DOCUMENT
                            + " bytes");
        }
    }

    /** With rules that keep everything. */
    public IngestSettings(Normalization normalization, long shardBytes, long longestDocument) {
        this(normalization, shardBytes, longestDocument, IngestRules.STANDARD);
    }

    /** With another normalisation. */
    public IngestSettings with(Normalization other) {
        return new IngestSettings(other, shardBytes, longestDocument, rules);
    }

    /** With other rules. */
    public IngestSettings with(IngestRules other) {
        return new IngestSettings(normalization, shardBytes, longestDocument, other);
    }

    /** With shards of another size. */
    public IngestSettings withShardBytes(long bytes) {
        return new IngestSettings(normalization, bytes, longestDocument, rules);
    }

    /** By name, as in a manifest. */
    SortedMap<String, String> byName() {
        SortedMap<String, String> found = new TreeMap<>(rules.values());
        found.put("normalize", normalization.label());
        found.put("shard_bytes", Long.toString(shardBytes));
        found.put("longest_document", Long.toString(longestDocument));
        return found;
    }
}
