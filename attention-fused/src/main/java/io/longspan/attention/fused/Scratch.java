package io.longspan.attention.fused;

import io.longspan.attention.Workload;

/**
 * What one thread works in: the same few hundred kilobytes however long the sequences are. Panels
 * are lists of squares, see {@link Tile}; those of queries hold {@link Tile#BLOCKS} tiles.
 */
final class Scratch {
    private static final int FORWARD_PANELS = 2 * Tile.BLOCKS + 2;
    private static final int BACKWARD_PANELS = 3 * Tile.BLOCKS + 2;

    /** Squares per row of a head. */
    final int chunks;

    final Queries[] queries = new Queries[Tile.BLOCKS];
    final Keys keys = new Keys();
    final Bounds bounds = new Bounds();
    final Running running = new Running();

    /** Queries times the scale, by component: [d][q]. */
    final float[] queryColumns;

    /** Output so far, or gradient of the query so far: [q][d]. */
    final float[] output;

    /** Keys: [k][d]. */
    final float[] key;

    /** Values: [k][d]. */
    final float[] value;

    /** Scores, then probabilities: [k][q]. */
    final float[] scores = new float[Tile.AREA];

    /** Dropout factors: [k][q]. */
    final float[] factors = new float[Tile.AREA];

    /** Index in the sequence of each query of a tile. */
    final int[] drawRows = new int[Tile.SIZE];

    /** Random words of a block of keys. */
    final int[] drawn = new int[TileDraws.WORDS * Tile.SIZE];

    /** One row's products before they are added up. */
    final float[] products = new float[Tile.SIZE];

    /** What the backward pass needs beyond that. */
    final Gradients gradients;

    /** The backward half of a scratch. */
    static final class Gradients {
        /** Queries times the scale: [q][d]. */
        final float[] query;

        /** Output gradient: [q][d]. */
        final float[] output;

        /** Output gradient by component: [d][q]. */
        final float[] outputColumns;

        /** Gradient of the keys so far: [k][d]. */
        final float[] key;

        /** Gradient of the values so far: [k][d]. */
        final float[] value;

        /** Gradients of probabilities, then of scores: [k][q]. */
        final float[] scores;

        /** Per query, log2 of the sum of exponentials; huge where there is no gradient. */
        final float[] cut = new float[Tile.ROWS];

        /** Per query, output times output gradient. */
        final float[] mean = new float[Tile.ROWS];

        Gradients(int chunks, boolean wanted) {
            int square = wanted ? Tile.AREA : 0;
            query = new float[Tile.BLOCKS * chunks * square];
            output = new float[Tile.BLOCKS * chunks * square];
            outputColumns = new float[Tile.BLOCKS * chunks * square];
            key = new float[chunks * square];
            value = new float[chunks * square];
            scores = new float[square];
        }
    }

    private final boolean training;

    Scratch(int headSize, boolean training) {
        chunks = Tile.chunks(headSize);
        this.training = training;
        for (int block = 0; block < Tile.BLOCKS; block++) {
            queries[block] = new Queries();
        }
        queryColumns = new float[Tile.BLOCKS * chunks * Tile.AREA];
        output = new float[Tile.BLOCKS * chunks * Tile.AREA];
        key = new float[chunks * Tile.AREA];
        value = new float[chunks * Tile.AREA];
        gradients = new Gradients(chunks, training);
    }

    /** Whether it will do for a call. */
    boolean fits(int headSize, boolean forTraining) {
        return chunks == Tile.chunks(headSize) && (training || !forTraining);
    }

    /** Index of a square in a panel of queries. */
    int square(int block, int chunk) {
        return (block * chunks + chunk) * Tile.AREA;
    }

    /** Bytes of its panels for a workload. */
    static long bytes(Workload workload) {
        int panels = FORWARD_PANELS + (workload.training() ? BACKWARD_PANELS : 0);
        int tiles = workload.training() ? 3 : 2;
        long squares = (long) panels * Tile.chunks(workload.headSize()) + tiles;
        return squares * Tile.AREA * Float.BYTES;
    }
}
