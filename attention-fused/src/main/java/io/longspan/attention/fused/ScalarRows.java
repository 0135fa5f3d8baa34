package io.longspan.attention.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The softmax one number at a time: the readable twin of {@link VectorRows}. */
final class ScalarRows implements TileRows {
    @Override
    public int lanes() {
        return Tile.GROUP;
    }

    @Override
    public boolean softmax(float[] scores, int lane, int from, int to, Running running, int at) {
        boolean raised = false;
        for (int q = 0; q < Tile.GROUP; q++) {
            raised |= softmaxOf(scores, lane + q, from, to, running, at + q);
        }
        return raised;
    }

    private static boolean softmaxOf(
            float[] scores, int lane, int from, int to, Running running, int at) {
        float most = Float.NEGATIVE_INFINITY;
        for (int k = from; k < to; k++) {
            float score = scores[k * Tile.SIZE + lane];
            most = score > most ? score : most;
        }
        boolean raised = most > running.top[at] + SLACK;
        running.raise(at, most);
        float sum = running.sum[at];
        for (int k = from; k < to; k++) {
            int i = k * Tile.SIZE + lane;
            scores[i] = Exp2.of(Math.fma(scores[i], LOG2_E, -running.cut[at]));
            sum += scores[i];
        }
        running.sum[at] = sum;
        return raised;
    }

    @Override
    public void gradients(
            float[] scores,
            float[] gradients,
            int lane,
            int from,
            int to,
            float[] cut,
            float[] mean,
            int at) {
        for (int k = from; k < to; k++) {
            for (int q = 0; q < Tile.GROUP; q++) {
                int i = k * Tile.SIZE + lane + q;
                float probability = Exp2.of(Math.fma(scores[i], LOG2_E, -cut[at + q]));
                gradients[i] = probability * (gradients[i] - mean[at + q]);
                scores[i] = probability;
            }
        }
    }

    @Override
    public void load(
            MemorySegment from, long byteOffset, float[] to, int at, int count, float factor) {
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, byteOffset, to, at, count);
        if (factor != 1) {
            scale(to, at, count, factor);
        }
    }

    @Override
    public void store(
            float[] from, int at, int count, float factor, MemorySegment to, long byteOffset) {
        for (int i = 0; i < count; i++) {
            to.set(
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    byteOffset + (long) i * Float.BYTES,
                    from[at + i] * factor);
        }
    }

    @Override
    public void scale(float[] row, int at, int count, float factor) {
        for (int i = at; i < at + count; i++) {
            row[i] *= factor;
        }
    }

    @Override
    public float dot(
            float[] left, int leftAt, float[] right, int rightAt, int count, float[] partial) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }
}
