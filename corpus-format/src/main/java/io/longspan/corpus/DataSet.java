package io.longspan.corpus;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A data set, memory-mapped: all its documents, one shard after the other, as one long row of
 * tokens in which each document ends with the separator. Thread-safe; whoever opened it closes it
 * when nobody reads any more.
 */
public final class DataSet implements AutoCloseable {
    private final Manifest manifest;
    private final Arena arena;
    private final List<Shard> shards;
    private final long[] firstDocument;
    private final long[] firstToken;

    private DataSet(Manifest manifest, Arena arena, List<Shard> shards) {
        this.manifest = manifest;
        this.arena = arena;
        this.shards = shards;
        firstDocument = new long[shards.size() + 1];
        firstToken = new long[shards.size() + 1];
        for (int s = 0; s < shards.size(); s++) {
            firstDocument[s + 1] = firstDocument[s] + shards.get(s).documents();
            firstToken[s + 1] = firstToken[s] + shards.get(s).tokens();
        }
    }

    /**
     * Opens the data set of a folder and checks its shards against the manifest: element type, and
     * numbers of documents and tokens. Nothing is read beyond the headers.
     *
     * @throws CorpusException when there is no manifest, or naming the file that does not fit it
     */
    @SuppressWarnings("MustBeClosedChecker") // The arena lives as long as the data set.
    public static DataSet open(Path folder) {
        Manifest manifest = Manifest.read(folder);
        Arena arena = Arena.ofShared();
        try {
            List<Shard> shards = new ArrayList<>();
            for (ShardEntry entry : manifest.shards()) {
                ShardFiles files = new ShardFiles(folder, entry.name());
                Shard shard = Shard.open(files.idx(), files.bin(), arena);
                if (shard.type() != manifest.type()
                        || shard.documents() != entry.documents()
                        || shard.tokens() != entry.tokens()) {
                    throw Shard.damaged(
                            files.idx(),
                            "holds "
                                    + shard.documents()
                                    + " documents and "
                                    + shard.tokens()
                                    + " tokens of type "
                                    + shard.type().label()
                                    + ", and the manifest says "
                                    + entry.documents()
                                    + ", "
                                    + entry.tokens()
                                    + " and "
                                    + manifest.type().label());
                }
                shards.add(shard);
            }
            return new DataSet(manifest, arena, shards);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads a data set back, all of it: digests, borders, last tokens, provenance.
     *
     * @throws CorpusException when there is no manifest to compare with
     */
    public static Validation validate(Path folder) {
        Manifest manifest = Manifest.read(folder);
        List<String> problems = new ArrayList<>();
        long bytes = 0;
        for (ShardEntry entry : manifest.shards()) {
            try {
                ShardCheck.published(
                        new ShardFiles(folder, entry.name()),
                        entry,
                        manifest.type(),
                        manifest.tokenizer().separator());
            } catch (CorpusException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add("shard '" + entry.name() + "' cannot be read (" + e + ")");
            }
            bytes += entry.bin().bytes() + entry.idx().bytes() + entry.meta().bytes();
        }
        return new Validation(
                manifest.shards().size(),
                manifest.totals().written(),
                manifest.totals().tokens(),
                bytes,
                problems);
    }

    /**
     * The provenance of a shard's documents, in their order.
     *
     * @param folder of the data set
     * @param shard name of the shard
     * @throws CorpusException when its file cannot be read
     */
    public static List<DocumentInfo> provenance(Path folder, String shard) {
        Path meta = new ShardFiles(folder, shard).meta();
        try {
            return Provenance.read(meta).stream().map(Provenance.Row::document).toList();
        } catch (IOException e) {
            throw new CorpusException(
                    "'" + meta + "' cannot be read (" + e.getMessage() + "); build it again", e);
        }
    }

    /** What the data set is. */
    public Manifest manifest() {
        return manifest;
    }

    /** Number of documents. */
    public long documents() {
        return firstDocument[shards.size()];
    }

    /** Number of tokens, separators included. */
    public long tokens() {
        return firstToken[shards.size()];
    }

    /** Tokens of a document, its separator included. */
    public int length(long document) {
        int s = shardOf(firstDocument, document);
        return shards.get(s).length(document - firstDocument[s]);
    }

    /** The place of a document's first token in the row of all tokens. */
    public long start(long document) {
        int s = shardOf(firstDocument, document);
        Shard shard = shards.get(s);
        return firstToken[s] + shard.position(document - firstDocument[s]) / shard.type().bytes();
    }

    /** All tokens of a document, its separator last. */
    public int[] document(long document) {
        return read(start(document), length(document));
    }

    /**
     * Some tokens of a document.
     *
     * @param document from 0 to {@link #documents()}, excluded
     * @param from first token inside the document
     * @param count number of tokens; they may not reach beyond the document
     */
    public int[] document(long document, int from, int count) {
        Objects.checkFromIndexSize(from, count, length(document));
        return read(start(document) + from, count);
    }

    /**
     * Some of the row of all tokens, whichever documents and shards they belong to.
     *
     * @param offset first token
     * @param count number of tokens; they may not reach beyond the end
     */
    public int[] read(long offset, int count) {
        Objects.checkFromIndexSize(offset, (long) count, tokens());
        int[] found = new int[count];
        int done = 0;
        for (int s = count == 0 ? 0 : shardOf(firstToken, offset); done < count; s++) {
            long at = offset + done - firstToken[s];
            int here = (int) Math.min(count - done, shards.get(s).tokens() - at);
            shards.get(s).read(at, found, done, here);
            done += here;
        }
        return found;
    }

    /** The shard that holds an element, by the numbers of the shards' first ones. */
    private static int shardOf(long[] first, long element) {
        Objects.checkIndex(element, first[first.length - 1]);
        int found = Arrays.binarySearch(first, element);
        int shard = found >= 0 ? found : -found - 2;
        // Of shards that begin alike all but the last are empty.
        while (first[shard + 1] == element) {
            shard++;
        }
        return shard;
    }

    @Override
    public void close() {
        arena.close();
    }
}
