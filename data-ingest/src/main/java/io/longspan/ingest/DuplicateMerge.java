package io.longspan.ingest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Merges sorted runs of digests. A record is a digest, the number of a lane and the number of a
 * record in it, so the order of bytes is the order of digests and then of the plan: of equal texts
 * the first in the plan comes first, whoever wrote its run and when.
 */
final class DuplicateMerge {
    /** Bytes of a digest: 128 of the 256 bits of SHA-256. */
    static final int DIGEST = 16;

    /** Bytes of a record. */
    static final int RECORD = DIGEST + Integer.BYTES + Long.BYTES;

    /** Runs that are open at once. */
    private static final int AT_ONCE = 64;

    private final Path folder;
    private int made;

    /**
     * @param folder for runs that are made of others
     */
    DuplicateMerge(Path folder) {
        this.folder = folder;
    }

    /** Writes a sorted run. */
    static void write(Path file, List<byte[]> records) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (byte[] record : records) {
                out.write(record);
            }
        }
    }

    /** Tells of each text that stood earlier. */
    void merge(List<Path> runs, Duplicates.Listener again) throws IOException {
        List<Path> left = new ArrayList<>(runs);
        while (left.size() > AT_ONCE) {
            List<Path> some = left.subList(0, AT_ONCE);
            Path joined = folder.resolve("joined-" + made++ + ".digests");
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(joined), 1 << 16)) {
                Writing writing = new Writing(out);
                read(some, writing);
                writing.check();
            }
            some.clear();
            left.add(joined);
        }
        byte[] before = new byte[DIGEST];
        boolean[] any = new boolean[1];
        read(
                left,
                record -> {
                    if (any[0] && Arrays.equals(before, 0, DIGEST, record, 0, DIGEST)) {
                        ByteBuffer place = ByteBuffer.wrap(record, DIGEST, RECORD - DIGEST);
                        again.duplicate(place.getInt(), place.getLong());
                    }
                    any[0] = true;
                    System.arraycopy(record, 0, before, 0, DIGEST);
                });
    }

    /** Writes what it is told; keeps the first problem. */
    private static final class Writing implements Consumer<byte[]> {
        private final OutputStream out;
        private final List<IOException> problems = new ArrayList<>();

        Writing(OutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(byte[] record) {
            try {
                out.write(record);
            } catch (IOException e) {
                problems.add(e);
            }
        }

        void check() throws IOException {
            if (!problems.isEmpty()) {
                throw problems.getFirst();
            }
        }
    }

    /** A run that is being read. */
    private static final class Run implements Comparable<Run>, AutoCloseable {
        private final InputStream in;
        private byte[] record = new byte[0];

        Run(Path file) throws IOException {
            in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        }

        boolean next() throws IOException {
            record = in.readNBytes(RECORD);
            return record.length == RECORD;
        }

        @Override
        public int compareTo(Run other) {
            return Arrays.compareUnsigned(record, other.record);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static void read(List<Path> runs, Consumer<byte[]> each) throws IOException {
        List<Run> all = new ArrayList<>();
        try {
            PriorityQueue<Run> queue = new PriorityQueue<>();
            for (Path file : runs) {
                Run run = new Run(file);
                all.add(run);
                if (run.next()) {
                    queue.add(run);
                }
            }
            for (Run run = queue.poll(); run != null; run = queue.poll()) {
                each.accept(run.record);
                if (run.next()) {
                    queue.add(run);
                }
            }
        } finally {
            for (Run run : all) {
                run.close();
            }
        }
    }
}
