package io.longspan.corpus;

import io.longspan.corpus.ShardEntry.FileEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one shard: {@link #add} for each document, {@link #finish}, {@link #publish}. Tokens go to
 * disk as they come; in memory stays one row of provenance for each document. Not thread-safe;
 * shards of one folder may be written by different threads. Whoever made it closes it; a writer
 * that is closed before it has published removes its files.
 *
 * <p>Until {@link #publish} all files have hidden names. It renames the tokens, then the provenance
 * and the index last: a shard is there as soon as its index is, and complete. What a killed run
 * left under hidden names, or under final ones without an index, the next writer of the same shard
 * removes.
 */
public final class ShardWriter implements AutoCloseable {
    private final ShardFiles files;
    private final TokenType type;
    private final int vocabularySize;
    private final int separator;
    private final TokenFile bin;
    private final List<DocumentInfo> documents = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private long tokens;
    private @Nullable ShardEntry finished;
    private boolean published;

    private ShardWriter(ShardFiles files, int vocabularySize, int separator, TokenFile bin) {
        this.files = files;
        this.type = TokenType.forVocabulary(vocabularySize);
        this.vocabularySize = vocabularySize;
        this.separator = separator;
        this.bin = bin;
    }

    /**
     * Begins a shard; the type of its tokens follows from the vocabulary.
     *
     * @param folder of the data set; exists
     * @param name of the shard: letters, digits, {@code -} and {@code _}
     * @param vocabularySize ids are below it
     * @param separator id that ends each document
     * @throws CorpusException when the shard is there already
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public static ShardWriter create(Path folder, String name, int vocabularySize, int separator) {
        if (separator < 0 || separator >= vocabularySize) {
            throw new IllegalArgumentException(
                    "separator " + separator + " of a vocabulary of " + vocabularySize);
        }
        ShardFiles files = new ShardFiles(folder, name);
        if (files.published()) {
            throw new CorpusException(
                    "shard '" + files.idx() + "' exists; a shard is written once");
        }
        Path hidden = ShardFiles.hidden(files.bin());
        try {
            files.removeUnpublished();
            return new ShardWriter(files, vocabularySize, separator, new TokenFile(hidden));
        } catch (IOException e) {
            throw DiskFiles.unwritable(hidden, e);
        }
    }

    /**
     * Whether a shard is there under its final names, complete.
     *
     * @param folder of the data set
     * @param name of the shard
     */
    public static boolean isPublished(Path folder, String name) {
        return new ShardFiles(folder, name).published();
    }

    /**
     * Adds a document; the separator is put behind it.
     *
     * @param document where it came from
     * @param ids its tokens, without separator; may be empty
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public void add(DocumentInfo document, int[] ids) {
        if (finished != null) {
            throw new IllegalStateException("the shard is finished");
        }
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException(
                        "document '" + document.id() + "' has id " + id + " of " + vocabularySize);
            }
        }
        try {
            bin.write(type, ids);
            type.put(bin.room(), separator);
        } catch (IOException e) {
            throw DiskFiles.unwritable(bin.file(), e);
        }
        int length = Math.addExact(ids.length, 1);
        documents.add(document);
        lengths.add(length);
        tokens += length;
    }

    /** Documents so far. */
    public int documents() {
        return documents.size();
    }

    /** Tokens so far, separators included. */
    public long tokens() {
        return tokens;
    }

    /**
     * Writes index and provenance, forces all to disk and reads it back.
     *
     * @return what the manifest says about the shard
     * @throws CorpusException when what was read is not what was written
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public ShardEntry finish() {
        if (documents.isEmpty()) {
            throw new IllegalStateException("a shard has at least one document");
        }
        Path meta = ShardFiles.hidden(files.meta());
        Path at = bin.file();
        try {
            String binDigest = bin.finish();
            bin.close();
            at = ShardFiles.hidden(files.idx());
            String idxDigest = writeIndex(at);
            at = meta;
            Provenance.write(meta, documents, lengths);
            DiskFiles.force(meta);
            FileEntry metaEntry = DiskFiles.entry(meta);
            ShardEntry entry =
                    new ShardEntry(
                            files.name(),
                            documents.size(),
                            tokens,
                            new FileEntry(tokens * type.bytes(), binDigest),
                            new FileEntry(IndexLayout.size(documents.size()), idxDigest),
                            metaEntry);
            ShardCheck.afterWriting(files, entry, type, separator);
            finished = entry;
            return entry;
        } catch (IOException e) {
            throw DiskFiles.unwritable(at, e);
        }
    }

    /**
     * Gives the files of a finished shard their names. Where it fails half-way the shard is not
     * there, and another writer can begin it again.
     *
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public void publish() {
        if (finished == null) {
            throw new IllegalStateException("finish the shard first");
        }
        for (Path file : files.inOrder()) {
            try {
                Files.move(ShardFiles.hidden(file), file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw DiskFiles.unwritable(file, e);
            }
        }
        published = true;
        DiskFiles.forceFolder(files.folder());
    }

    private String writeIndex(Path hidden) throws IOException {
        try (TokenFile index = new TokenFile(hidden)) {
            IndexLayout.putHeader(index.room(), type, lengths.size());
            for (int length : lengths) {
                index.room().putInt(length);
            }
            long position = 0;
            for (int length : lengths) {
                index.room().putLong(position);
                position += (long) length * type.bytes();
            }
            for (long border = 0; border <= lengths.size(); border++) {
                index.room().putLong(border);
            }
            return index.finish();
        }
    }

    @Override
    public void close() {
        try {
            bin.close();
            if (!published) {
                files.removeUnpublished();
            }
        } catch (IOException e) {
            throw DiskFiles.unwritable(bin.file(), e);
        }
    }
}
