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
import org.jspecify.annotations.Nullable;

/** The softmax a vector of queries at a time. Loaded once per vector width. */
final class VectorRows implements TileRows {
    private static final VectorSpecies<Float> FLOATS = VectorMaths.species(MethodHandles.lookup());
    private static final int V = FLOATS.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** 1.5 * 2^23 + 127: added, it leaves the rounded exponent and its bias in the low bits. */
    private static final float ROUND = 12_582_912f + 127;

    /** Exponents from here on down give exactly zero. */
    private static final float LEAST = -127;

    // 2^x on [-0.5, 0.5], fitted to the least relative error: 9.2e-8, and 1.6e-7 with float32 sums.
    private static final float C1 = 0.693147f;
    private static final float C2 = 0.24022242f;
    private static final float C3 = 0.055507336f;
    private static final float C4 = 0.009671513f;
    private static final float C5 = 0.0013264727f;

    @Override
    public int lanes() {
        return V;
    }

    @Override
    public boolean softmax(float[] scores, int lane, int from, int to, Running running, int at) {
        FloatVector most = most(scores, lane, from, to);
        FloatVector top = load(running.top, at);
        VectorMask<Float> above = most.compare(VectorOperators.GT, top.add(SLACK));
        boolean raised = above.anyTrue();
        if (raised) {
            raise(running, at, top.blend(most, above));
        }
        FloatVector cut = load(running.cut, at);
        FloatVector even = load(running.sum, at);
        FloatVector odd = FloatVector.zero(FLOATS);
        int k = from;
        for (; k + 1 < to; k += 2) {
            FloatVector first = exponential(load(scores, k * Tile.SIZE + lane), cut);
            FloatVector second = exponential(load(scores, k * Tile.SIZE + Tile.SIZE + lane), cut);
            even = even.add(first);
            odd = odd.add(second);
            first.intoArray(scores, k * Tile.SIZE + lane);
            second.intoArray(scores, k * Tile.SIZE + Tile.SIZE + lane);
        }
        if (k < to) {
            FloatVector last = exponential(load(scores, k * Tile.SIZE + lane), cut);
            even = even.add(last);
            last.intoArray(scores, k * Tile.SIZE + lane);
        }
        even.add(odd).intoArray(running.sum, at);
        return raised;
    }

    // compare and blend: two instructions, where max would take six to treat NaN and -0 as Java
    // does.
    private static FloatVector most(float[] scores, int lane, int from, int to) {
        FloatVector even = load(scores, from * Tile.SIZE + lane);
        FloatVector odd = even;
        int k = from + 1;
        for (; k + 1 < to; k += 2) {
            FloatVector first = load(scores, k * Tile.SIZE + lane);
            FloatVector second = load(scores, k * Tile.SIZE + Tile.SIZE + lane);
            even = even.blend(first, first.compare(VectorOperators.GT, even));
            odd = odd.blend(second, second.compare(VectorOperators.GT, odd));
        }
        if (k < to) {
            FloatVector last = load(scores, k * Tile.SIZE + lane);
            even = even.blend(last, last.compare(VectorOperators.GT, even));
        }
        return even.blend(odd, odd.compare(VectorOperators.GT, even));
    }

    private static void raise(Running running, int at, FloatVector top) {
        FloatVector cut = top.mul(LOG2_E);
        FloatVector shrink = exp2(load(running.cut, at).sub(cut));
        top.intoArray(running.top, at);
        cut.intoArray(running.cut, at);
        shrink.intoArray(running.shrink, at);
        load(running.sum, at).mul(shrink).intoArray(running.sum, at);
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
        FloatVector cuts = load(cut, at);
        FloatVector means = load(mean, at);
        if (factors == null) {
            for (int k = from; k < to; k++) {
                int i = k * Tile.SIZE + lane;
                FloatVector probability = exponential(load(scores, i), cuts);
                load(gradients, i).sub(means).mul(probability).intoArray(gradients, i);
                probability.intoArray(scores, i);
            }
            return;
        }
        for (int k = from; k < to; k++) {
            int i = k * Tile.SIZE + lane;
            FloatVector probability = exponential(load(scores, i), cuts);
            FloatVector factor = load(factors, i);
            load(gradients, i).mul(factor).sub(means).mul(probability).intoArray(gradients, i);
            probability.mul(factor).intoArray(scores, i);
        }
    }

    @Override
    public void load(
            MemorySegment from, long byteOffset, float[] to, int at, int count, float factor) {
        int i = 0;
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
        for (; i + V <= count; i += V) {
            load(from, at + i)
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
            load(row, i).mul(factor).intoArray(row, i);
        }
        for (; i < at + count; i++) {
            row[i] *= factor;
        }
    }

    @Override
    public float dot(float[] left, int leftAt, float[] right, int rightAt, int count) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + V <= count; i += V) {
            sums = load(left, leftAt + i).fma(load(right, rightAt + i), sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(FLOATS, from, at);
    }

    /** e^score / 2^cut, rounded once before the exponential whatever the score's size. */
    private static FloatVector exponential(FloatVector score, FloatVector cut) {
        return exp2(score.fma(broadcast(LOG2_E), cut.neg()));
    }

    /** 2^x for x up to 127, zero below 2^-126.5; a NaN stays one. */
    private static FloatVector exp2(FloatVector x) {
        FloatVector least = broadcast(LEAST);
        FloatVector clamped = x.blend(least, x.compare(VectorOperators.LT, least));
        FloatVector rounded = clamped.add(ROUND);
        FloatVector rest = clamped.sub(rounded.sub(ROUND));
        FloatVector power =
                broadcast(C5)
                        .fma(rest, broadcast(C4))
                        .fma(rest, broadcast(C3))
                        .fma(rest, broadcast(C2))
                        .fma(rest, broadcast(C1))
                        .fma(rest, broadcast(1));
        IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return power.mul(exponent.reinterpretAsFloats());
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}
