package io.longspan.model.linear;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One compiled product of a fixed number of rows with a panel of the weights, everything after it
 * included but for int8, where {@link RowFinisher} does that. Threads share it.
 *
 * @param primitive oneDNN's
 * @param layouts of its operands
 * @param implementation oneDNN's name of the code it chose
 */
record Matmul(MemorySegment primitive, Layouts layouts, String implementation) {
    static final int SOURCE = 1;
    static final int OUTPUT = 17;
    static final int WEIGHTS = 33;
    static final int BIAS = 41;
    static final int SCRATCH = 80;
    static final int SCALES = 4096;
    static final int AFTER = 32768;
    private static final int ANY_LAYOUT = 1;
    private static final int GELU_WITH_ERF = 49;
    private static final int ADD = 0x1fff0;
    private static final int NAME = 8;
    private static final int WEIGHTS_LAYOUT = 131;
    private static final int SCRATCH_LAYOUT = 136;
    private static final int CALLERS_SCRATCH = 1;
    private static final int BY_COLUMN = 4;

    /**
     * What is multiplied.
     *
     * @param rows of a tile
     * @param width outputs of a panel
     * @param bias whether one is added with the product, as for all but int8
     * @param linear the whole layer
     */
    record Panel(int rows, int width, boolean bias, LinearShape linear) {
        /** Numbers from one row of the output to the next. */
        int outputStride() {
            return PackedPanels.dense(linear) ? width : linear.out();
        }

        boolean int8() {
            return linear.precision() == LinearPrecision.INT8;
        }
    }

    /**
     * How the operands lie in memory.
     *
     * @param source [rows, in] of the type of the products
     * @param weights packed
     * @param output [rows, width], rows {@link Panel#outputStride} apart
     * @param bias [width]
     * @param columnScales [width]
     * @param scratch what the code works in
     */
    record Layouts(
            MemorySegment source,
            MemorySegment weights,
            MemorySegment output,
            MemorySegment bias,
            MemorySegment columnScales,
            MemorySegment scratch) {}

    /**
     * Compiles one; cheap when the library has compiled the same before.
     *
     * @param packed layout that the weights have already, or null to let the library choose
     */
    static Matmul compile(OneDnn dnn, Arena scope, Panel panel, @Nullable MemorySegment packed) {
        int type = type(panel.linear().precision());
        int in = panel.linear().in();
        MemorySegment source = dnn.layout(scope, type, panel.rows(), in, in);
        MemorySegment output =
                dnn.layout(scope, OneDnn.F32, panel.rows(), panel.width(), panel.outputStride());
        MemorySegment bias = dnn.layout(scope, OneDnn.F32, 1, panel.width(), panel.width());
        MemorySegment columnScales =
                dnn.layout(scope, OneDnn.F32, new long[] {panel.width()}, new long[] {1});
        MemorySegment weights = packed == null ? anyLayout(dnn, scope, type, panel) : packed;
        MemorySegment described =
                dnn.create(
                        scope,
                        "dnnl_primitive_desc",
                        "dnnl_matmul_primitive_desc_create",
                        dnn.engine(),
                        source,
                        weights,
                        panel.bias() ? bias : MemorySegment.NULL,
                        output,
                        attributes(dnn, scope, panel, output));
        MemorySegment primitive =
                dnn.create(scope, "dnnl_primitive", "dnnl_primitive_create", described);
        Layouts layouts =
                new Layouts(
                        source,
                        query(dnn, described, WEIGHTS_LAYOUT),
                        output,
                        bias,
                        columnScales,
                        query(dnn, described, SCRATCH_LAYOUT));
        return new Matmul(primitive, layouts, name(dnn, described));
    }

    /** Whether it is the code that shows what is meant, one number after the other. */
    boolean isSlow() {
        return implementation.startsWith("ref");
    }

    static int type(LinearPrecision precision) {
        return switch (precision) {
            case FP32 -> OneDnn.F32;
            case BF16 -> OneDnn.BF16;
            case INT8 -> OneDnn.S8;
        };
    }

    private static MemorySegment anyLayout(OneDnn dnn, Arena scope, int type, Panel panel) {
        try (Arena call = Arena.ofConfined()) {
            long[] dimensions = new long[12];
            dimensions[0] = 1;
            dimensions[1] = panel.linear().in();
            dimensions[2] = panel.width();
            return dnn.create(
                    scope,
                    "dnnl_memory_desc",
                    "dnnl_memory_desc_create_with_tag",
                    3,
                    call.allocateFrom(JAVA_LONG, dimensions),
                    type,
                    ANY_LAYOUT);
        }
    }

    private static MemorySegment attributes(
            OneDnn dnn, Arena scope, Panel panel, MemorySegment output) {
        MemorySegment attributes =
                dnn.create(scope, "dnnl_primitive_attr", "dnnl_primitive_attr_create");
        dnn.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, CALLERS_SCRATCH);
        if (panel.int8()) {
            dnn.call("dnnl_primitive_attr_set_scales_mask", attributes, WEIGHTS, BY_COLUMN);
        }
        MemorySegment after = dnn.create(scope, "dnnl_post_ops", "dnnl_post_ops_create");
        switch (panel.linear().finishInside()) {
            case PLAIN -> {}
            case GELU -> dnn.call("dnnl_post_ops_append_eltwise", after, GELU_WITH_ERF, 0f, 0f);
            case ADD -> dnn.call("dnnl_post_ops_append_binary", after, ADD, output);
        }
        dnn.call("dnnl_primitive_attr_set_post_ops", attributes, after);
        return attributes;
    }

    /** A layout that belongs to the description. */
    private static MemorySegment query(OneDnn dnn, MemorySegment described, int what) {
        return (MemorySegment)
                dnn.answer(
                        "dnnl_primitive_desc_query_md",
                        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT),
                        described,
                        what,
                        0);
    }

    private static String name(OneDnn dnn, MemorySegment described) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment text = call.allocate(ADDRESS);
            dnn.call("dnnl_primitive_desc_query", described, NAME, 0, text);
            return text.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        }
    }
}
