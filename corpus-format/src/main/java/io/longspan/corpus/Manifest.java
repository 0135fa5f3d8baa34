package io.longspan.corpus;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a data set is; {@code manifest.json} in its folder, written last.
 *
 * @param name of the data set
 * @param corpus what was read, such as {@code books}
 * @param tokenizer that gave the tokens
 * @param type of a token in the shards
 * @param settings that shaped the content, by name
 * @param source what was read
 * @param shards in order; the documents of a data set are theirs, one shard after the other
 * @param totals counts: what was read is what was written and what was dropped
 */
public record Manifest(
        String name,
        String corpus,
        Tokenizer tokenizer,
        TokenType type,
        SortedMap<String, String> settings,
        Source source,
        List<ShardEntry> shards,
        Totals totals) {
    /** The format that this version writes and reads. */
    public static final int FORMAT_VERSION = 1;

    /** The name of the file. */
    public static final String FILE = "manifest.json";

    /** Copies the collections and checks the counts. */
    public Manifest {
        settings = new TreeMap<>(settings);
        shards = List.copyOf(shards);
        long documents = shards.stream().mapToLong(ShardEntry::documents).sum();
        long tokens = shards.stream().mapToLong(ShardEntry::tokens).sum();
        if (documents != totals.written() || tokens != totals.tokens()) {
            throw new IllegalArgumentException(
                    "the shards hold "
                            + documents
                            + " documents and "
                            + tokens
                            + " tokens, the totals say "
                            + totals.written()
                            + " and "
                            + totals.tokens());
        }
    }

    /**
     * A tokenizer.
     *
     * @param sha256 its digest, in hex
     * @param vocabularySize ids are below it
     * @param separator id that ends each document
     */
    public record Tokenizer(String sha256, int vocabularySize, int separator) {}

    /**
     * What was read.
     *
     * @param files number of files
     * @param bytes in them
     * @param sha256 over the files' relative paths, sizes and digests, in hex
     */
    public record Source(long files, long bytes, String sha256) {}

    /**
     * Counts of documents, and of tokens with separators.
     *
     * @param read documents of the source
     * @param written to shards
     * @param dropped left out, by reason
     * @param tokens written
     * @param languages documents written, by language as ISO 639-1 or {@code unknown}; empty in
     *     data sets that do not say
     */
    public record Totals(
            long read,
            long written,
            SortedMap<String, Long> dropped,
            long tokens,
            SortedMap<String, Long> languages) {
        /** Copies the maps and checks that nothing was lost. */
        public Totals {
            dropped = new TreeMap<>(dropped);
            languages = new TreeMap<>(languages);
            long left = dropped.values().stream().mapToLong(Long::longValue).sum();
            if (read != written + left) {
                throw new IllegalArgumentException(
                        read + " documents read, " + written + " written, " + left + " dropped");
            }
            long told = languages.values().stream().mapToLong(Long::longValue).sum();
            if (!languages.isEmpty() && told != written) {
                throw new IllegalArgumentException(
                        written + " documents written, " + told + " of some language");
            }
        }

        /** Without languages. */
        public Totals(long read, long written, SortedMap<String, Long> dropped, long tokens) {
            this(read, written, dropped, tokens, new TreeMap<>());
        }

        /** All that were dropped. */
        public long droppedInAll() {
            return read - written;
        }
    }

    /**
     * Reads the manifest of a folder.
     *
     * @throws CorpusException when there is none, or it cannot be used
     */
    public static Manifest read(Path folder) {
        return ManifestJson.read(folder);
    }

    /** The same text for the same manifest, with a line feed at the end. */
    public String toJson() {
        return ManifestJson.text(this);
    }

    /**
     * Writes it into a folder, in one step.
     *
     * @throws java.io.UncheckedIOException when the disk refuses; the message names the file
     */
    public void write(Path folder) {
        DiskFiles.writeAtomically(folder.resolve(FILE), toJson());
    }
}
