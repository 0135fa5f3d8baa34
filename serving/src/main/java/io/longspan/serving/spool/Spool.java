package io.longspan.serving.spool;

import io.longspan.serving.ServingException;
import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferenceRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows on their way to the database, in files. Thread-safe. Any number of processes may share the
 * root folder: each writes a folder of its own in it.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final long SEGMENT_BYTES = 1 << 20;
    private static final long MEBIBYTE = 1 << 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final DefectiveFiles defective;
    private final long limit;
    private final SpoolFolder own;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Leftovers left;
    private @Nullable Open open;
    private long number;
    private long appended;
    private long moved;
    private boolean closed;

    /** Whether what callers said was moved out of the open segment, where it can still be read. */
    private boolean openHoldsWords;

    /** The segment that is being written. */
    private record Open(Segment segment, RandomAccessFile out) {}

    /**
     * Rows to move together, which {@link #remove} takes back.
     *
     * @param rows oldest first, perhaps none
     * @param segment they are from
     * @param piece the same as bytes
     */
    record Batch(List<InferenceEntry> rows, Segment segment, Segment.Piece piece) {}

    private Spool(DefectiveFiles defective, long limit, SpoolFolder own, Leftovers left) {
        this.defective = defective;
        this.limit = limit;
        this.own = own;
        this.left = left;
    }

    /**
     * Opens a spool and takes over what dead processes left.
     *
     * @param root folder, made when missing
     * @param limit bytes that may wait for the database
     * @throws ServingException when the folder cannot be used
     */
    public static Spool open(Path root, long limit) {
        try {
            Files.createDirectories(root);
            return new Spool(
                    new DefectiveFiles(root),
                    limit,
                    SpoolFolder.create(root),
                    Leftovers.takeOver(root));
        } catch (IOException e) {
            throw new ServingException(
                    "the spool folder '"
                            + root
                            + "' cannot be used ("
                            + e.getMessage()
                            + "); name a folder that can be written",
                    e);
        }
    }

    /** Whether another row can be taken. */
    public synchronized boolean hasRoom() {
        return backlog() < limit;
    }

    /** Bytes that wait for the database. */
    public synchronized long backlog() {
        return left.backlog() + segments.stream().mapToLong(Segment::backlog).sum();
    }

    /**
     * Appends a row; after the return it survives the end of this process.
     *
     * @throws SpoolFullException when the limit is reached or the file cannot be written; nothing
     *     was appended then
     */
    public void append(InferenceRow row) {
        append(InferenceEntry.of(row));
    }

    /**
     * The same with what was said, where that is kept.
     *
     * @throws SpoolFullException when the limit is reached or the file cannot be written; nothing
     *     was appended then
     */
    public void append(InferenceEntry entry) {
        append(RowCodec.encode(entry));
    }

    private synchronized void append(byte[] record) {
        if (closed) {
            throw new SpoolFullException("the server is stopping; try another one");
        }
        if (backlog() + Segment.framed(record) > limit) {
            throw full();
        }
        try {
            Open current = open;
            if (current == null || current.segment.size() >= SEGMENT_BYTES) {
                current = roll();
            }
            current.segment.append(current.out, record);
        } catch (IOException e) {
            LOG.error("'{}' cannot be written", own.path(), e);
            throw new SpoolFullException(
                    "the log of inferences cannot be written; try again later", e);
        }
        appended++;
        notifyAll();
    }

    /** What callers are told when there is no room. */
    public SpoolFullException full() {
        return new SpoolFullException(
                "the log of inferences is full, "
                        + limit / MEBIBYTE
                        + " MiB wait for the database; try again later");
    }

    /** Rows that this process has appended. */
    synchronized long appended() {
        return appended;
    }

    /** Those of them that were moved. */
    synchronized long moved() {
        return moved;
    }

    /** Waits until there is a row to move or the time is over. */
    synchronized void awaitRows(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * NANOS_PER_MILLI;
        long rest = millis;
        while (backlog() == 0 && !closed && rest > 0) {
            wait(rest);
            rest = (end - System.nanoTime()) / NANOS_PER_MILLI;
        }
    }

    /** The oldest rows of this process, or null. */
    synchronized @Nullable Batch nextOwn(int most) throws IOException {
        for (Segment segment : segments) {
            if (segment.backlog() > 0) {
                return batch(segment, most);
            }
        }
        return null;
    }

    /** The oldest rows of dead processes, or null. */
    synchronized @Nullable Batch nextLeft(int most) throws IOException {
        Segment segment = left.next();
        return segment == null ? null : batch(segment, most);
    }

    /** Rows of a batch have been moved, or given up. */
    synchronized void remove(Batch batch) throws IOException {
        Segment segment = batch.segment;
        boolean isOwn = segments.contains(segment);
        segment.drainedTo(batch.piece.end());
        if (isOwn) {
            moved += batch.piece.records().size();
        }
        SegmentDefect defect = batch.piece.defect();
        if (defect != null) {
            defective.handle(segment, batch.piece.end(), defect);
            segment.drainedTo(segment.size());
        }
        boolean isOpen = open != null && segment == open.segment;
        openHoldsWords |= isOpen && batch.rows.stream().anyMatch(row -> row.payload().isPresent());
        if (isOpen && segment.backlog() == 0 && openHoldsWords) {
            // What is deleted from the database must not wait here until the segment is full.
            retire();
        } else if (isOwn && segment.backlog() == 0 && !isOpen) {
            segments.remove(segment);
            segment.delete();
        }
    }

    /** Closes the open segment; one that is empty goes. */
    private void retire() throws IOException {
        Open full = open;
        open = null;
        openHoldsWords = false;
        if (full != null) {
            full.out.close();
            if (full.segment.backlog() == 0) {
                segments.remove(full.segment);
                full.segment.delete();
            }
        }
    }

    private Batch batch(Segment segment, int most) throws IOException {
        Segment.Piece piece = segment.next(most);
        List<InferenceEntry> rows = new ArrayList<>();
        for (byte[] record : piece.records()) {
            try {
                rows.add(RowCodec.decode(record));
            } catch (IOException e) {
                defective.handleUnreadable(segment, e);
            }
        }
        return new Batch(rows, segment, piece);
    }

    private Open roll() throws IOException {
        retire();
        Segment fresh = new Segment(own.segment(number++), true, 0);
        Open opened = new Open(fresh, new RandomAccessFile(fresh.file().toFile(), "rw"));
        segments.add(fresh);
        open = opened;
        return opened;
    }

    /**
     * Takes no more rows. What was not moved stays in the folder for the next process; what was, is
     * deleted.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        notifyAll();
        try {
            if (open != null) {
                open.out.close();
            }
            for (Segment segment : segments) {
                if (segment.backlog() == 0) {
                    segment.delete();
                }
            }
            own.release();
            left.close();
        } catch (IOException e) {
            LOG.warn("the spool folder '{}' cannot be tidied up", own.path(), e);
        }
    }
}
