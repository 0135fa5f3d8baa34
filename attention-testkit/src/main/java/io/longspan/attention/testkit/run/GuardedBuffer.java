package io.longspan.attention.testkit.run;

import io.longspan.attention.ElementType;
import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A float32 buffer between two guards. Guards and fresh content are one NaN with a recognisable
 * pattern: reading past an end poisons the answer, writing past an end changes a guard, and an
 * element that was never written stays NaN.
 */
final class GuardedBuffer implements AutoCloseable {
    private static final int GUARD = 16;
    private static final int PATTERN = 0x7FC0DEAD;

    private final String name;
    private final int elements;
    private final KernelMemory memory;
    private final KernelMemory.Block block;
    private final float[] initial;

    private GuardedBuffer(String name, KernelMemory memory, float[] initial) {
        this.name = name;
        this.memory = memory;
        this.initial = initial;
        elements = initial.length - 2 * GUARD;
        block = memory.allocate((long) initial.length * Float.BYTES);
        block.write(MemorySegment.ofArray(initial));
    }

    /** A buffer to be written by the kernel. */
    static GuardedBuffer fresh(String name, KernelMemory memory, int elements) {
        float[] all = new float[elements + 2 * GUARD];
        Arrays.fill(all, Float.intBitsToFloat(PATTERN));
        return new GuardedBuffer(name, memory, all);
    }

    /** A buffer to be read by the kernel. */
    static GuardedBuffer holding(String name, KernelMemory memory, float[] content) {
        float[] all = new float[content.length + 2 * GUARD];
        Arrays.fill(all, Float.intBitsToFloat(PATTERN));
        System.arraycopy(content, 0, all, GUARD, content.length);
        return new GuardedBuffer(name, memory, all);
    }

    /** The whole content, dense. */
    TensorView view(long... shape) {
        return TensorView.contiguous(address(0), ElementType.FP32, memory.device(), shape);
    }

    /** A part of the content that begins at an element. */
    TensorView view(int firstElement, long[] shape, long[] strides) {
        return TensorView.of(
                address(firstElement), ElementType.FP32, memory.device(), shape, strides);
    }

    /** The content now. */
    float[] content() {
        float[] all = all();
        return Arrays.copyOfRange(all, GUARD, GUARD + elements);
    }

    void requireGuards() {
        float[] all = all();
        for (int i = 0; i < all.length; i++) {
            boolean guard = i < GUARD || i >= GUARD + elements;
            if (guard && Float.floatToRawIntBits(all[i]) != PATTERN) {
                throw new AssertionError(
                        "the kernel wrote "
                                + all[i]
                                + " at element "
                                + (i - GUARD)
                                + " of '"
                                + name
                                + "', which has "
                                + elements
                                + " elements");
            }
        }
    }

    void requireUnchanged() {
        float[] all = all();
        for (int i = 0; i < all.length; i++) {
            if (Float.floatToRawIntBits(all[i]) != Float.floatToRawIntBits(initial[i])) {
                throw new AssertionError(
                        "the kernel wrote into its input '"
                                + name
                                + "': element "
                                + (i - GUARD)
                                + " was "
                                + initial[i]
                                + " and is "
                                + all[i]);
            }
        }
    }

    @Override
    public void close() {
        block.close();
    }

    private float[] all() {
        float[] all = new float[initial.length];
        block.read(MemorySegment.ofArray(all));
        return all;
    }

    private long address(int element) {
        return block.address() + (long) (GUARD + element) * Float.BYTES;
    }
}
