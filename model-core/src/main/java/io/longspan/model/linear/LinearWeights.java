package io.longspan.model.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The float32 weights of a linear layer, read while they are packed and not after.
 *
 * @param weight [out, in], dense
 * @param bias [out], or null for none
 * @param out numbers of a row of the output
 * @param in numbers of a row of the input
 */
public record LinearWeights(MemorySegment weight, @Nullable MemorySegment bias, int out, int in) {
    /** Checks the sizes. */
    public LinearWeights {
        if (out < 1 || in < 1) {
            throw new IllegalArgumentException(
                    "linear of [" + out + ", " + in + "]; both must be at least 1");
        }
        requireFloats("weight", weight, (long) out * in);
        if (bias != null) {
            requireFloats("bias", bias, out);
        }
    }

    /**
     * The memory of arrays, which must outlive the packing.
     *
     * @param weight [out, in]
     * @param bias [out], or null for none
     */
    public static LinearWeights of(NDArray weight, @Nullable NDArray bias) {
        Shape shape = weight.getShape();
        return new LinearWeights(
                TensorBridge.memory(weight),
                bias == null ? null : TensorBridge.memory(bias),
                Math.toIntExact(shape.get(0)),
                Math.toIntExact(shape.get(1)));
    }

    private static void requireFloats(String what, MemorySegment memory, long count) {
        if (memory.byteSize() != count * Float.BYTES) {
            throw new IllegalArgumentException(
                    what
                            + " has "
                            + memory.byteSize()
                            + " bytes; it must have "
                            + count * Float.BYTES
                            + ", float32 and dense");
        }
    }
}
