package io.longspan.model.bulk;

import io.longspan.model.AtomicFile;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The output of a run: answers are appended to {@code NAME.part}, {@code NAME.part.json} says how
 * much of it is whole, and the name itself appears with the last of them. For one thread; whoever
 * opened it closes it.
 */
public final class BulkOutput implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final Path pointFile;
    private final BulkPublisher publisher;
    private final FileChannel channel;
    private final boolean published;
    private BulkPoint point;

    private BulkOutput(
            Path target,
            BulkPublisher publisher,
            FileChannel channel,
            BulkPoint point,
            boolean published) {
        this.target = target;
        part = part(target);
        pointFile = pointFile(target);
        this.publisher = publisher;
        this.channel = channel;
        this.point = point;
        this.published = published;
    }

    private static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    private static Path pointFile(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.json");
    }

    /**
     * Opens an output, where an earlier run has left it or at its beginning.
     *
     * @param target the name it gets at the end
     * @param identity everything on which its bytes depend, by name
     * @throws ModelInputException when it is there already, another process writes it, or what is
     *     there is of another input or of other settings
     */
    public static BulkOutput open(
            Path target, Map<String, String> identity, BulkStart start, BulkPublisher publisher) {
        AtomicFile.check(target);
        Path part = part(target);
        Path pointFile = pointFile(target);
        FileChannel channel = null;
        try {
            boolean partThere = Files.exists(part) && Files.size(part) > 0;
            BulkPoint found =
                    start == BulkStart.FORCE ? null : BulkPoint.read(pointFile).orElse(null);
            boolean done = found != null && found.complete() && !partThere && Files.exists(target);
            refuse(target, found, partThere, done, start);
            if (found != null) {
                same(target, found, identity);
            }
            channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock(channel, target);
            if (start == BulkStart.FORCE) {
                BulkPoint.remove(pointFile);
            }
            BulkPoint point = found == null ? BulkPoint.start(identity) : found;
            if (!done) {
                if (channel.size() < point.bytes()) {
                    throw new ModelInputException(
                            "'"
                                    + part
                                    + "' has "
                                    + channel.size()
                                    + " bytes where "
                                    + point.bytes()
                                    + " were written; start over with --force");
                }
                channel.truncate(point.bytes()).position(point.bytes());
                point.write(pointFile);
            }
            BulkOutput opened = new BulkOutput(target, publisher, channel, point, done);
            channel = null;
            return opened;
        } catch (IOException e) {
            throw unwritable(part, e);
        } finally {
            closed(channel);
        }
    }

    private static void refuse(
            Path target,
            @Nullable BulkPoint found,
            boolean partThere,
            boolean done,
            BulkStart start)
            throws IOException {
        if (start == BulkStart.FORCE) {
            return;
        }
        if (start == BulkStart.RESUME && found == null) {
            throw new ModelInputException(
                    "there is no unfinished '"
                            + part(target)
                            + "' to go on from; leave --resume out to begin");
        }
        if (start == BulkStart.ANY && Files.exists(target) && !done) {
            throw new ModelInputException(
                    "'"
                            + target
                            + "' exists; name another file, or replace it with --force"
                            + (found == null
                                    ? ""
                                    : ", or go on with the unfinished run beside it with --resume"));
        }
        if (found == null && partThere) {
            throw new ModelInputException(
                    "'"
                            + part(target)
                            + "' exists and nothing says what it holds; remove it, or replace it with --force");
        }
    }

    private static void same(Path target, BulkPoint found, Map<String, String> identity) {
        TreeSet<String> names = new TreeSet<>(identity.keySet());
        names.addAll(found.identity().keySet());
        names.removeIf(name ->
                identity.containsKey(name)
                        && identity.get(name).equals(found.identity().get(name)));
        if (!names.isEmpty()) {
            TreeMap<String, String> before = new TreeMap<>(found.identity());
            TreeMap<String, String> now = new TreeMap<>(identity);
            before.keySet().retainAll(names);
            now.keySet().retainAll(names);
            throw new ModelInputException(
                    "the unfinished '"
                            + part(target)
                            + "' is of another run: it has "
                            + before
                            + " and this has "
                            + now
                            + "; repeat that run, or start over with --force");
        }
    }

    private static void lock(FileChannel channel, Path target) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            throw new ModelInputException(
                    "'"
                            + target
                            + "' is being written by another process; wait for it or name another file");
        }
    }

    /** Where the run stands. */
    BulkPoint point() {
        return point;
    }

    /** Whether all answers are there. */
    boolean complete() {
        return point.complete();
    }

    /** Appends whole lines, which a kill may still lose. */
    void append(byte[] lines) {
        try {
            ByteBuffer left = ByteBuffer.wrap(lines);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (IOException e) {
            throw unwritable(part, e);
        }
    }

    /** Makes what was appended last: the next process goes on from here. */
    void store(long position, BulkCounts counts, boolean complete) {
        try {
            channel.force(false);
            point = new BulkPoint(point.identity(), position, channel.position(), counts, complete);
            point.write(pointFile);
        } catch (IOException e) {
            throw unwritable(part, e);
        }
    }

    /** Gives the output its name. */
    void publish() {
        try {
            if (!published) {
                publisher.publish(part, target);
            }
            Files.deleteIfExists(part);
            BulkPoint.remove(pointFile);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static UncheckedIOException unwritable(Path file, IOException cause) {
        return new UncheckedIOException(
                "'" + file + "' cannot be written; make room or put that right, and run it again",
                cause);
    }

    private static void closed(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException _) {
                // What failed before is told.
            }
        }
    }

    @Override
    public void close() {
        closed(channel);
    }
}
