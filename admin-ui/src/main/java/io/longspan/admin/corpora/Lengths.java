package io.longspan.admin.corpora;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DataSet;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the documents of a data set are, read from its index on the console's machine.
 *
 * @param buckets each begins at a power of two; empty ones in between are there
 * @param looked documents that were looked at, evenly spread
 * @param documents in the data set
 * @param problem why they cannot be read, or nothing
 */
public record Lengths(List<Bucket> buckets, long looked, long documents, String problem) {
    /** A page must not wait for a hundred million documents. */
    private static final long MOST = 100_000;

    /** Copies the list. */
    public Lengths {
        buckets = List.copyOf(buckets);
    }

    /**
     * Documents of about one length in tokens.
     *
     * @param from shortest length
     * @param to longest length
     * @param documents of those that were looked at
     */
    public record Bucket(long from, long to, long documents) {}

    /** The most documents in one bucket. */
    public long most() {
        return buckets.stream().mapToLong(Bucket::documents).max().orElse(1);
    }

    static Lengths of(String folder) {
        try (DataSet set = DataSet.open(Path.of(folder))) {
            long documents = set.documents();
            long looked = Math.min(MOST, documents);
            long[] counts = new long[Long.SIZE];
            for (long i = 0; i < looked; i++) {
                long document = (long) ((double) i * documents / looked);
                counts[Long.SIZE - 1 - Long.numberOfLeadingZeros(set.length(document))]++;
            }
            return new Lengths(buckets(counts), looked, documents, "");
        } catch (CorpusException | InvalidPathException e) {
            return new Lengths(List.of(), 0, 0, String.valueOf(e.getMessage()));
        }
    }

    private static List<Bucket> buckets(long[] counts) {
        List<Bucket> buckets = new ArrayList<>();
        int last = counts.length - 1;
        while (last > 0 && counts[last] == 0) {
            last--;
        }
        for (int b = 0; b <= last; b++) {
            if (counts[b] > 0 || !buckets.isEmpty()) {
                buckets.add(new Bucket(1L << b, (2L << b) - 1, counts[b]));
            }
        }
        return buckets;
    }
}
