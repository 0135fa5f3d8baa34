package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.tensor.Autograd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Sums of columns, gathered tile by tile, so that their bits do not depend on which thread did
 * which tile.
 */
final class ColumnSums {
    private final float[][] tiles;
    private final int columns;

    /**
     * Zeros.
     *
     * @param length of the lines, at least the columns
     */
    ColumnSums(int tiles, int columns, int length) {
        this.columns = columns;
        this.tiles = new float[tiles][length];
    }

    /** What the tile gathers, for whoever works on it to add to. */
    float[] of(int tile) {
        return tiles[tile];
    }

    /** Adds all to the gradient of a weight, where it gathers one, and begins anew. */
    void addTo(NDArray weight) {
        MemorySegment gradient = Autograd.gradientMemory(weight);
        float[] all = tiles[0];
        for (int tile = 1; tile < tiles.length; tile++) {
            LineSums.add(all, tiles[tile], columns);
        }
        if (gradient != null) {
            for (int i = 0; i < columns; i++) {
                float before = gradient.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                gradient.setAtIndex(ValueLayout.JAVA_FLOAT, i, before + all[i]);
            }
        }
        for (float[] line : tiles) {
            Arrays.fill(line, 0);
        }
    }
}
