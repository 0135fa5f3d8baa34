package io.longspan.attention.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

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
        if (raised) {
            float before = running.cut[at];
            running.top[at] = most;
            running.cut[at] = most * LOG2_E;
            running.shrink[at] = exp2(before - running.cut[at]);
            running.sum[at] *= running.shrink[at];
        }
        float sum = running.sum[at];
        for (int k = from; k < to; k++) {
            int i = k * Tile.SIZE + lane;
            scores[i] = exp2(Math.fma(scores[i], LOG2_E, -running.cut[at]));
            sum += scores[i];
        }
        running.sum[at] = sum;
        return raised;
    }

    @Override
    public void gradients(
            float[] scores,
            float[] gradients,
            float @Nullable [] factors,
            int lane,
            int from,
            int to,
            float[] cut,
            float[] mean,
            int at) {
        for (int k = from; k < to; k++) {
            for (int q = 0; q < Tile.GROUP; q++) {
                int i = k * Tile.SIZE + lane + q;
                float probability = exp2(Math.fma(scores[i], LOG2_E, -cut[at + q]));
                float factor = factors == null ? 1 : factors[i];
                gradients[i] = probability * (gradients[i] * factor - mean[at + q]);
                scores[i] = probability * factor;
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
    public float dot(float[] left, int leftAt, float[] right, int rightAt, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }

    private static float exp2(float exponent) {
        return (float) Math.pow(2, exponent);
    }
}
