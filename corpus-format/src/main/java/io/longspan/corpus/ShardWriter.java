package io.longspan.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one shard: documents one after the other, each a sequence of its own. Memory is two small
 * buffers, whatever the size of the shard. Until {@link #commit} returns, nothing is visible under
 * the shard's name; when it has returned, the shard is on the disk. The writer adds no separator:
 * who makes the documents ends each with the end-of-sequence id.
 *
 * <p>One thread at a time. The caller closes it, committed or not.
 */
public final class ShardWriter implements AutoCloseable {
    private enum State {
        OPEN,
        BROKEN,
        COMMITTED,
        CLOSED
    }

    private final ShardFiles shard;
    private final TokenType type;
    private final ShardOutput bin;
    private final ShardOutput idx;
    private final IndexWriter index;
    private State state = State.OPEN;
    private long tokens;
    private long documentTokens;
    private boolean inDocument;

    private ShardWriter(ShardFiles shard, TokenType type, ShardOutput bin, ShardOutput idx)
            throws IOException {
        this.shard = shard;
        this.type = type;
        this.bin = bin;
        this.idx = idx;
        this.index = new IndexWriter(idx, type);
    }

    /**
     * Starts a shard; the caller closes the writer.
     *
     * @param shard where it goes; the folder has to exist
     * @param type how ids are stored
     * @throws IllegalStateException when the shard exists; it is never replaced, because index and
     *     tokens cannot change in one step
     * @throws UncheckedIOException when the files cannot be made
     */
    public static ShardWriter create(ShardFiles shard, TokenType type) {
        requireAbsent(shard);
        ShardOutput bin = null;
        ShardOutput idx = null;
        boolean made = false;
        try {
            try {
                bin = new ShardOutput(shard.bin());
                idx = new ShardOutput(shard.idx());
                ShardWriter writer = new ShardWriter(shard, type, bin, idx);
                made = true;
                return writer;
            } finally {
                if (!made) {
                    closeBoth(bin, idx);
                }
            }
        } catch (IOException e) {
            throw unwritten(shard, e);
        }
    }

    /** Adds a whole document; the same as {@link #tokens} and {@link #endDocument}. */
    public void document(int[] ids) {
        tokens(ids, 0, ids.length);
        endDocument();
    }

    /**
     * Adds tokens to the current document, starting one when there is none.
     *
     * @param ids token ids, each from 0 to the type's largest
     * @param from index of the first id to take
     * @param count how many to take
     * @throws IllegalArgumentException when an id does not fit the type; nothing of this call is
     *     written then
     * @throws IllegalStateException when the writer was committed or closed, when an earlier write
     *     failed, or when the document would have more than 2,147,483,647 tokens
     */
    public void tokens(int[] ids, int from, int count) {
        Objects.checkFromIndexSize(from, count, ids.length);
        requireOpen();
        if (documentTokens + count > Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "document "
                            + documents()
                            + " of shard '"
                            + shard.name()
                            + "' would have more than 2147483647 tokens; split it");
        }
        requireFit(ids, from, count);
        inDocument = true;
        attempt(() -> put(ids, from, count));
        documentTokens += count;
    }

    /** Ends the current document; without tokens since the last end, an empty one. */
    public void endDocument() {
        requireOpen();
        attempt(() -> index.add((int) documentTokens));
        tokens += documentTokens;
        documentTokens = 0;
        inDocument = false;
    }

    /** Documents ended so far. */
    public long documents() {
        return index.sequences();
    }

    /**
     * Forces the shard to disk and puts it in its place, the tokens before the index. After a
     * failure the shard does not exist; a {@code .bin} may be left, which the next writer replaces.
     *
     * @return counts and digests of what was written
     * @throws IllegalStateException when a document is open, when the writer is not usable, or when
     *     another writer has made the shard meanwhile
     * @throws UncheckedIOException when the disk refuses
     */
    public ShardDigest commit() {
        requireOpen();
        if (inDocument) {
            throw new IllegalStateException(
                    "document " + documents() + " of shard '" + shard.name() + "' is not ended");
        }
        FileDigest[] digests = new FileDigest[2];
        attempt(
                () -> {
                    bin.finish();
                    index.finish();
                    digests[0] = digest(bin.temporary(), shard.bin());
                    digests[1] = digest(idx.temporary(), shard.idx());
                    requireAbsent(shard);
                    bin.publish();
                    idx.publish();
                });
        state = State.COMMITTED;
        return new ShardDigest(digests[0], digests[1], documents(), tokens, null);
    }

    /** Ends the writer; without a commit before, nothing is left. Repeated calls do nothing. */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            closeBoth(bin, idx);
        } catch (IOException e) {
            throw new UncheckedIOException("shard '" + shard.name() + "' was not tidied up", e);
        }
    }

    private void put(int[] ids, int from, int count) throws IOException {
        for (int i = from; i < from + count; i++) {
            ByteBuffer room = bin.room();
            switch (type) {
                case UINT16 -> room.putChar((char) ids[i]);
                case INT32 -> room.putInt(ids[i]);
            }
        }
    }

    private void requireFit(int[] ids, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (ids[i] < 0 || ids[i] > type.largestId()) {
                throw new IllegalArgumentException(
                        "token id "
                                + ids[i]
                                + " does not fit "
                                + type.label()
                                + "; 0 to "
                                + type.largestId()
                                + " are allowed");
            }
        }
    }

    private void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException(
                    "the writer of shard '"
                            + shard.name()
                            + "' takes nothing any more; "
                            + switch (state) {
                                case OPEN -> "it is open";
                                case BROKEN -> "an earlier step failed";
                                case COMMITTED -> "it was committed";
                                case CLOSED -> "it was closed";
                            });
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Runs a step after which, when it fails, the files can no longer be trusted. */
    private void attempt(Step step) {
        state = State.BROKEN;
        try {
            step.run();
        } catch (IOException e) {
            throw unwritten(shard, e);
        }
        state = State.OPEN;
    }

    private static FileDigest digest(Path written, Path file) throws IOException {
        return new FileDigest(String.valueOf(file.getFileName()), Sha256.of(written));
    }

    private static void requireAbsent(ShardFiles shard) {
        if (shard.exists()) {
            throw new IllegalStateException(
                    "shard '"
                            + shard.idx()
                            + "' exists already; delete it or write to another name");
        }
    }

    private static void closeBoth(
            @Nullable ShardOutput bin,
            @Nullable ShardOutput idx)
            throws IOException {
        try {
            if (bin != null) {
                bin.close();
            }
        } finally {
            if (idx != null) {
                idx.close();
            }
        }
    }

    private static UncheckedIOException unwritten(ShardFiles shard, IOException cause) {
        return new UncheckedIOException("shard '" + shard.idx() + "' cannot be written", cause);
    }
}
