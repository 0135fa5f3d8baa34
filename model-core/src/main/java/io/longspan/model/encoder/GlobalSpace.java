package io.longspan.model.encoder;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link RawGlobalRows} works in: part of a {@link Workspace}, grows and stays with it. Rows
 * are numbered head by head, and token by token in a head.
 */
final class GlobalSpace {
    private final int width;
    private float[] inputs = new float[0];
    private float[] queries = new float[0];
    private float[] folded = new float[0];
    private float[] contexts = new float[0];
    private float[] output = new float[0];
    private final List<GlobalSums> stretches = new ArrayList<>();

    GlobalSpace(int width) {
        this.width = width;
    }

    /** Makes room for a sequence's rows; what is in the arrays is lost. */
    void fit(int globals, int rows, int stretches) {
        if (inputs.length < globals * width) {
            inputs = new float[globals * width];
            queries = new float[globals * width];
            contexts = new float[globals * width];
        }
        if (folded.length < rows * width) {
            folded = new float[rows * width];
        }
        while (this.stretches.size() < stretches) {
            this.stretches.add(new GlobalSums(width));
        }
    }

    /** Room for the rows of a batch, [rows, N]. */
    MemorySegment output(int rows) {
        if (output.length < rows * width) {
            output = new float[rows * width];
        }
        return MemorySegment.ofArray(output).asSlice(0, (long) rows * width * Float.BYTES);
    }

    /** The layer's input at the global tokens, [G, N]. */
    float[] inputs() {
        return inputs;
    }

    /** Their queries, [H, G, D]. */
    float[] queries() {
        return queries;
    }

    /** The queries in terms of the layer's input, [H * G, N]. */
    float[] folded() {
        return folded;
    }

    /** What the rows attend to, [H, G, D]. */
    float[] contexts() {
        return contexts;
    }

    /** The sums of a stretch of the sequence. */
    GlobalSums stretch(int index) {
        return stretches.get(index);
    }
}
