package io.longspan.serving.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of records, each a length, a CRC32C of the record and the record. Not thread-safe: the
 * spool guards it. Plain files, since an interrupt would close a channel under everybody.
 */
final class Segment {
    /** Longest record; a length beyond it is no length. */
    static final int LONGEST = 1 << 20;

    private static final int HEADER = 8;

    private final Path file;
    private final boolean own;
    private long size;
    private long drained;

    /**
     * A segment.
     *
     * @param own whether this process writes it, so that every byte up to the size is whole
     */
    Segment(Path file, boolean own, long size) {
        this.file = file;
        this.own = own;
        this.size = size;
    }

    /**
     * Some records in a row.
     *
     * @param records whole ones, oldest first
     * @param end offset after the last
     * @param defect what follows is not a record; null when it is, or nothing follows
     */
    record Piece(List<byte[]> records, long end, @Nullable SegmentDefect defect) {}

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** Bytes that are not moved yet. */
    long backlog() {
        return size - drained;
    }

    void drainedTo(long offset) {
        drained = offset;
    }

    /** Appends a record, or leaves the file as it was. */
    void append(RandomAccessFile out, byte[] record) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(HEADER + record.length);
        framed.putInt(record.length).putInt(checksum(record)).put(record);
        try {
            out.seek(size);
            out.write(framed.array());
        } catch (IOException e) {
            out.setLength(size);
            throw e;
        }
        size += framed.capacity();
    }

    /** Bytes that a record takes in a file. */
    static long framed(byte[] record) {
        return HEADER + (long) record.length;
    }

    /** Reads records that are not moved yet. */
    Piece next(int most) throws IOException {
        List<byte[]> records = new ArrayList<>();
        long at = drained;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            while (records.size() < most && at < size) {
                in.seek(at);
                byte[] header = new byte[HEADER];
                if (size - at < HEADER) {
                    return new Piece(records, at, SegmentDefect.TORN);
                }
                in.readFully(header);
                ByteBuffer fields = ByteBuffer.wrap(header);
                int length = fields.getInt();
                int expected = fields.getInt();
                long after = size - at - HEADER;
                if (length <= 0 || length > LONGEST || length > after) {
                    return new Piece(records, at, defect(in, at, length > after));
                }
                byte[] record = new byte[length];
                in.readFully(record);
                if (checksum(record) != expected) {
                    return new Piece(records, at, defect(in, at, length == after));
                }
                records.add(record);
                at += HEADER + length;
            }
        }
        return new Piece(records, at, null);
    }

    /** A crash tears the last record only: it ends early, or its last bytes were never written. */
    private SegmentDefect defect(RandomAccessFile in, long at, boolean last) throws IOException {
        if (own) {
            return SegmentDefect.DAMAGED;
        }
        return last || onlyZeros(in, at) ? SegmentDefect.TORN : SegmentDefect.DAMAGED;
    }

    private boolean onlyZeros(RandomAccessFile in, long at) throws IOException {
        in.seek(at);
        byte[] piece = new byte[1 << 16];
        for (int read = in.read(piece); read > 0; read = in.read(piece)) {
            for (int i = 0; i < read; i++) {
                if (piece[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record);
        return (int) crc.getValue();
    }
}
