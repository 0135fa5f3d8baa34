package io.longspan.attention.chunks;

import java.util.List;

/**
 * Chunks that are computed together, each padded to the largest.
 *
 * @param chunks n of them
 * @param rows c, the most rows of a chunk
 * @param keys k, the most keys of a chunk
 * @param globals g, the most global tokens of a chunk's sequence; 0 when the chunks are whole,
 *     where the global tokens are among the keys
 * @param whole whether every row reaches the whole of its sequence
 */
record Tile(List<Chunk> chunks, int rows, int keys, int globals, boolean whole) {
    Tile {
        chunks = List.copyOf(chunks);
    }

    int columns() {
        return keys + globals;
    }

    /** Scores of one head, padding included. */
    long area() {
        return (long) chunks.size() * rows * columns();
    }
}
