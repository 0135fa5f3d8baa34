package io.longspan.model.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One linear layer with its weights packed. Threads may share it: calls take turns on the crew of
 * the {@link LinearKernels} that packed it. Whoever packed it closes it, before the kernels; once
 * or more.
 */
public sealed interface PackedLinear extends AutoCloseable permits OneDnnLinear, EngineLinear {
    /** Numbers of a row of the input. */
    int in();

    /** Numbers of a row of the output. */
    int out();

    /** What the products are made of; float32 where DJL's linear stands in. */
    LinearPrecision precision();

    /** What is done before a row is written. */
    Finish finish();

    /** Library and instructions that compute it, for reports. */
    String kernel();

    /** Why the precision asked for is not what runs, or nothing. */
    Optional<String> fallback();

    /** Bytes that the packed weights hold. */
    long packedBytes();

    /**
     * Computes rows. All memory is float32, dense and native, and stays valid until this returns;
     * the output overlaps neither input.
     *
     * @param rows [count, in]
     * @param count rows, 0 or more
     * @param output [count, out], written whole
     * @param residual [count, out] with {@link Finish#ADD}, null otherwise
     * @throws IllegalArgumentException when a size is wrong or memory overlaps
     * @throws IllegalStateException when it was closed
     */
    void apply(
            MemorySegment rows, long count, MemorySegment output, @Nullable MemorySegment residual);

    /**
     * The same on arrays.
     *
     * @param rows [.., in]; stays the caller's
     * @param residual [.., out] with {@link Finish#ADD}, null otherwise; stays the caller's
     * @return [.., out], in the manager of the rows
     */
    default NDArray apply(NDArray rows, @Nullable NDArray residual) {
        Shape shape = rows.getShape();
        long count = shape.size() / in();
        long[] result = shape.getShape().clone();
        result[result.length - 1] = out();
        NDArray output = rows.getManager().create(new Shape(result), DataType.FLOAT32); // [.., out]
        try (NDArray flat = rows.flatten()) { // [count * in]
            if (residual == null) {
                apply(TensorBridge.memory(flat), count, TensorBridge.memory(output), null);
            } else {
                try (NDArray added = residual.flatten()) { // [count * out]
                    apply(
                            TensorBridge.memory(flat),
                            count,
                            TensorBridge.memory(output),
                            TensorBridge.memory(added));
                }
            }
        }
        return output;
    }

    @Override
    void close();
}
