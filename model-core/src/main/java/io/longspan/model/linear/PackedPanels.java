package io.longspan.model.linear;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a layer cut into panels of outputs, each in the layout that its kernels read.
 *
 * @param panels from the first output to the last
 * @param bytes that they hold, biases and scales included
 */
record PackedPanels(List<Packed> panels, long bytes) {
    /** Outputs of a panel: few enough that its weights are still in the cache for the next tile. */
    private static final int WIDTH = 768;

    /** Outputs of a panel whose tiles go through memory of their own, which costs a copy. */
    private static final int WIDEST = 4096;

    private static final long CACHE_LINE = 64;

    /**
     * One panel.
     *
     * @param first output
     * @param width outputs
     * @param weights packed
     * @param bias float32; zeros for int8 without, null for others without
     * @param columnScales float32, for int8; null otherwise
     */
    record Packed(
            int first,
            int width,
            MemorySegment weights,
            @Nullable MemorySegment bias,
            @Nullable MemorySegment columnScales) {}

    /**
     * Whether oneDNN's fast code wants the output of a panel dense: where it adds a residual of
     * that shape.
     */
    static boolean dense(LinearShape shape) {
        return shape.finishInside() == Finish.ADD;
    }

    /** The widths of the panels of a layer. */
    static List<Integer> widths(LinearShape shape) {
        int widest = dense(shape) ? WIDEST : WIDTH;
        List<Integer> widths = new ArrayList<>();
        for (int first = 0; first < shape.out(); first += widest) {
            widths.add(Math.min(widest, shape.out() - first));
        }
        return widths;
    }

    /**
     * Packs.
     *
     * @param layout of the packed weights, by width
     */
    static PackedPanels pack(
            OneDnn dnn,
            Arena scope,
            LinearWeights weights,
            LinearShape shape,
            IntFunction<MemorySegment> layout) {
        List<Packed> panels = new ArrayList<>();
        LinearPrecision precision = shape.precision();
        long bytes = 0;
        int first = 0;
        for (int width : widths(shape)) {
            MemorySegment packedLayout = layout.apply(width);
            MemorySegment packed = scope.allocate(dnn.bytes(packedLayout), CACHE_LINE);
            MemorySegment bias = bias(scope, weights.bias(), first, width, precision);
            MemorySegment scales = null;
            try (Arena call = Arena.ofConfined()) {
                long start = (long) first * weights.in() * Float.BYTES;
                long length = (long) width * weights.in() * Float.BYTES;
                MemorySegment plain = weights.weight().asSlice(start, length);
                int type = OneDnn.F32;
                if (precision == LinearPrecision.INT8) {
                    scales = scope.allocate((long) width * Float.BYTES, CACHE_LINE);
                    plain = rounded(call, plain, width, weights.in(), scales);
                    type = OneDnn.S8;
                } else if (!plain.isNative()) {
                    plain = call.allocate(length, CACHE_LINE).copyFrom(plain);
                }
                MemorySegment from =
                        dnn.layout(
                                call,
                                type,
                                new long[] {1, weights.in(), width},
                                new long[] {(long) weights.in() * width, 1, weights.in()});
                Reorder.compile(dnn, call, from, packedLayout)
                        .once(dnn, call, plain.address(), packed.address());
            }
            panels.add(new Packed(first, width, packed, bias, scales));
            bytes += packed.byteSize() + size(bias) + size(scales);
            first += width;
        }
        return new PackedPanels(List.copyOf(panels), bytes);
    }

    private static long size(@Nullable MemorySegment memory) {
        return memory == null ? 0 : memory.byteSize();
    }

    private static @Nullable MemorySegment bias(
            Arena scope,
            @Nullable MemorySegment all,
            int first,
            int width,
            LinearPrecision precision) {
        long bytes = (long) width * Float.BYTES;
        if (all == null) {
            return precision == LinearPrecision.INT8 ? scope.allocate(bytes, CACHE_LINE) : null;
        }
        return scope.allocate(bytes, CACHE_LINE)
                .copyFrom(all.asSlice((long) first * Float.BYTES, bytes));
    }

    /** Weights in 8 bits, [width, in], and the scale of each output. */
    private static MemorySegment rounded(
            Arena scope, MemorySegment plain, int width, int in, MemorySegment scales) {
        MemorySegment codes = scope.allocate((long) width * in, CACHE_LINE);
        for (int row = 0; row < width; row++) {
            long start = (long) row * in;
            float scale = RowQuantizer.quantize(plain, start * Float.BYTES, in, codes, start);
            scales.setAtIndex(ValueLayout.JAVA_FLOAT, row, scale);
        }
        return codes;
    }
}
