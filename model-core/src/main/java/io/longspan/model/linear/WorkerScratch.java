package io.longspan.model.linear;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** What one thread of the crew works in: grows to what the widest layer needs, then stays. */
final class WorkerScratch implements AutoCloseable {
    private static final long CACHE_LINE = 64;

    /** What memory is for. */
    enum Use {
        /** Rows of a short tile, filled up with zeros. */
        ROWS,
        /** Rows in the type of the products. */
        SOURCE,
        ROW_SCALES,
        /** Residual of a short tile. */
        RESIDUAL,
        /** Output of a short tile. */
        OUTPUT,
        /** oneDNN's own. */
        LIBRARY
    }

    /** Memory with an arena of its own. */
    private static final class Held implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;

        Held(long bytes) {
            memory = arena.allocate(bytes, CACHE_LINE);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private final Map<Use, Held> held = new EnumMap<>(Use.class);
    private final Arena scope = Arena.ofShared();
    private final MemorySegment stream;

    WorkerScratch(OneDnn dnn) {
        stream = dnn.stream(scope);
    }

    MemorySegment stream() {
        return stream;
    }

    /** At least so many bytes, the same as last time when they sufficed. */
    MemorySegment of(Use use, long bytes) {
        Held now = held.get(use);
        if (now == null || now.memory.byteSize() < bytes) {
            if (now != null) {
                now.close();
            }
            now = new Held(Math.max(bytes, CACHE_LINE));
            held.put(use, now);
        }
        return now.memory;
    }

    @Override
    public void close() {
        held.values().forEach(Held::close);
        held.clear();
        if (scope.scope().isAlive()) {
            scope.close();
        }
    }
}
