package io.longspan.attention.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The softmax a vector of queries at a time. Loaded once per vector width. */
final class VectorRows implements TileRows {
    private static final VectorSpecies<Float> FLOATS = VectorMaths.species(MethodHandles.lookup());
    private static final int V = FLOATS.length();
    private static final long STEP = (long) V * Float.BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public int lanes() {
        return V;
    }

    @Override
    public boolean softmax(float[] scores, int lane, int from, int to, Running running, int at) {
        boolean raised = exceeds(scores, lane, from, to, running.top, at);
        if (raised) {
            most(scores, lane, from, to, running.shrink, at);
            for (int q = at; q < at + V; q++) {
                running.raise(q, running.shrink[q]);
            }
        }
        exponentials(scores, lane, from, to, running, at);
        return raised;
    }

    /** Whether any score lies above its query's top by more than the slack. */
    private static boolean exceeds(
            float[] scores, int lane, int from, int to, float[] top, int at) {
        FloatVector limit = FloatVector.fromArray(FLOATS, top, at).add(SLACK);
        VectorMask<Float> above = FLOATS.maskAll(false);
        for (int k = from; k < to; k++) {
            FloatVector next = FloatVector.fromArray(FLOATS, scores, k * Tile.SIZE + lane);
            above = above.or(next.compare(VectorOperators.GT, limit));
        }
        return above.anyTrue();
    }

    // compare and blend: two instructions, where max takes six to treat NaN and -0 as Java does.
    private static void most(float[] scores, int lane, int from, int to, float[] most, int at) {
        FloatVector top = FloatVector.fromArray(FLOATS, scores, from * Tile.SIZE + lane);
        for (int k = from + 1; k < to; k++) {
            FloatVector next = FloatVector.fromArray(FLOATS, scores, k * Tile.SIZE + lane);
            top = top.blend(next, next.compare(VectorOperators.GT, top));
        }
        top.intoArray(most, at);
    }

    // The exponential is Exp2.of, spelled out here and below: see VectorProducts for why.
    private static void exponentials(
            float[] scores, int lane, int from, int to, Running running, int at) {
        FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
        FloatVector least = FloatVector.broadcast(FLOATS, Exp2.LEAST);
        FloatVector minusCut = FloatVector.fromArray(FLOATS, running.cut, at).neg();
        FloatVector sum = FloatVector.fromArray(FLOATS, running.sum, at);
        for (int k = from; k < to; k++) {
            int i = k * Tile.SIZE + lane;
            FloatVector x = FloatVector.fromArray(FLOATS, scores, i).fma(log2e, minusCut);
            x = x.blend(least, x.compare(VectorOperators.LT, least));
            FloatVector rounded = x.add(Exp2.ROUND);
            FloatVector rest = x.sub(rounded.sub(Exp2.ROUND));
            FloatVector power =
                    FloatVector.broadcast(FLOATS, Exp2.C5)
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C4))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C3))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C2))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C1))
                            .fma(rest, FloatVector.broadcast(FLOATS, 1));
            IntVector exponent =
                    rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp2.EXPONENT_SHIFT);
            FloatVector probability = power.mul(exponent.reinterpretAsFloats());
            probability.intoArray(scores, i);
            sum = sum.add(probability);
        }
        sum.intoArray(running.sum, at);
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
        FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
        FloatVector least = FloatVector.broadcast(FLOATS, Exp2.LEAST);
        FloatVector minusCut = FloatVector.fromArray(FLOATS, cut, at).neg();
        FloatVector means = FloatVector.fromArray(FLOATS, mean, at);
        for (int k = from; k < to; k++) {
            int i = k * Tile.SIZE + lane;
            FloatVector x = FloatVector.fromArray(FLOATS, scores, i).fma(log2e, minusCut);
            x = x.blend(least, x.compare(VectorOperators.LT, least));
            FloatVector rounded = x.add(Exp2.ROUND);
            FloatVector rest = x.sub(rounded.sub(Exp2.ROUND));
            FloatVector power =
                    FloatVector.broadcast(FLOATS, Exp2.C5)
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C4))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C3))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C2))
                            .fma(rest, FloatVector.broadcast(FLOATS, Exp2.C1))
                            .fma(rest, FloatVector.broadcast(FLOATS, 1));
            IntVector exponent =
                    rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp2.EXPONENT_SHIFT);
            FloatVector probability = power.mul(exponent.reinterpretAsFloats());
            probability.intoArray(scores, i);
            FloatVector.fromArray(FLOATS, gradients, i)
                    .sub(means)
                    .mul(probability)
                    .intoArray(gradients, i);
        }
    }

    @Override
    public void load(
            MemorySegment from, long byteOffset, float[] to, int at, int count, float factor) {
        int i = 0;
        for (; i + 4 * V <= count; i += 4 * V) {
            long next = byteOffset + (long) i * Float.BYTES;
            FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, from, next, ORDER);
            FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, from, next + STEP, ORDER);
            FloatVector v2 = FloatVector.fromMemorySegment(FLOATS, from, next + 2 * STEP, ORDER);
            FloatVector v3 = FloatVector.fromMemorySegment(FLOATS, from, next + 3 * STEP, ORDER);
            v0.mul(factor).intoArray(to, at + i);
            v1.mul(factor).intoArray(to, at + i + V);
            v2.mul(factor).intoArray(to, at + i + 2 * V);
            v3.mul(factor).intoArray(to, at + i + 3 * V);
        }
        for (; i + V <= count; i += V) {
            FloatVector.fromMemorySegment(FLOATS, from, byteOffset + (long) i * Float.BYTES, ORDER)
                    .mul(factor)
                    .intoArray(to, at + i);
        }
        for (; i < count; i++) {
            to[at + i] =
                    factor
                            * from.get(
                                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                                    byteOffset + (long) i * Float.BYTES);
        }
    }

    @Override
    public void store(
            float[] from, int at, int count, float factor, MemorySegment to, long byteOffset) {
        int i = 0;
        for (; i + 4 * V <= count; i += 4 * V) {
            long next = byteOffset + (long) i * Float.BYTES;
            FloatVector v0 = FloatVector.fromArray(FLOATS, from, at + i);
            FloatVector v1 = FloatVector.fromArray(FLOATS, from, at + i + V);
            FloatVector v2 = FloatVector.fromArray(FLOATS, from, at + i + 2 * V);
            FloatVector v3 = FloatVector.fromArray(FLOATS, from, at + i + 3 * V);
            v0.mul(factor).intoMemorySegment(to, next, ORDER);
            v1.mul(factor).intoMemorySegment(to, next + STEP, ORDER);
            v2.mul(factor).intoMemorySegment(to, next + 2 * STEP, ORDER);
            v3.mul(factor).intoMemorySegment(to, next + 3 * STEP, ORDER);
        }
        for (; i + V <= count; i += V) {
            FloatVector.fromArray(FLOATS, from, at + i)
                    .mul(factor)
                    .intoMemorySegment(to, byteOffset + (long) i * Float.BYTES, ORDER);
        }
        for (; i < count; i++) {
            to.set(
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    byteOffset + (long) i * Float.BYTES,
                    from[at + i] * factor);
        }
    }

    @Override
    public void scale(float[] row, int at, int count, float factor) {
        int i = at;
        for (; i + V <= at + count; i += V) {
            FloatVector.fromArray(FLOATS, row, i).mul(factor).intoArray(row, i);
        }
        for (; i < at + count; i++) {
            row[i] *= factor;
        }
    }

    // Not reduceLanes: its order is left open, and C2's is not the interpreter's.
    @Override
    public float dot(
            float[] left, int leftAt, float[] right, int rightAt, int count, float[] partial) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + V <= count; i += V) {
            sums =
                    FloatVector.fromArray(FLOATS, left, leftAt + i)
                            .fma(FloatVector.fromArray(FLOATS, right, rightAt + i), sums);
        }
        sums.intoArray(partial, 0);
        float sum = 0;
        for (int lane = 0; lane < V; lane++) {
            sum += partial[lane];
        }
        for (; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }
}
