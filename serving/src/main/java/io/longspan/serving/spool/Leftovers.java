package io.longspan.serving.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What dead processes left in a spool's root, taken over. Not thread-safe: the spool guards it. */
final class Leftovers implements AutoCloseable {
    private final Deque<Left> folders = new ArrayDeque<>();

    /** A folder and what is still in it. */
    private record Left(SpoolFolder folder, Deque<Segment> segments) {}

    private Leftovers() {}

    /** Takes over every folder whose process is dead. */
    static Leftovers takeOver(Path root) throws IOException {
        Leftovers all = new Leftovers();
        for (SpoolFolder folder : SpoolFolder.abandoned(root)) {
            all.folders.add(new Left(folder, new ArrayDeque<>(folder.segments())));
        }
        return all;
    }

    /** Bytes that are not moved yet. */
    long backlog() {
        return folders.stream()
                .flatMap(left -> left.segments.stream())
                .mapToLong(Segment::backlog)
                .sum();
    }

    /** The oldest segment with something to move, or null; what has nothing is deleted. */
    @Nullable Segment next() throws IOException {
        while (!folders.isEmpty()) {
            Left left = folders.element();
            while (!left.segments.isEmpty()) {
                Segment segment = left.segments.element();
                if (segment.backlog() > 0) {
                    return segment;
                }
                segment.delete();
                left.segments.remove();
            }
            left.folder.release();
            folders.remove();
        }
        return null;
    }

    /** Lets go of what is left, for the next process to take over. */
    @Override
    public void close() throws IOException {
        for (Left left : folders) {
            left.folder.close();
        }
    }
}
