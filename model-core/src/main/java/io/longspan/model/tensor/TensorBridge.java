package io.longspan.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Looks at NDArrays as raw memory and copies in and out of them without a ByteBuffer, so nothing is
 * bounded by 2 GiB.
 *
 * <p>A view borrows: it is valid until the array is closed. Keep the array reachable while the view
 * is used.
 */
public final class TensorBridge {
    private TensorBridge() {}

    /**
     * The memory of a float32 array on any device. For arrays on a GPU this is unverified: it has
     * not run on one yet.
     *
     * @throws IllegalArgumentException when the array is of another type or its innermost elements
     *     are not adjacent
     */
    public static TensorView view(NDArray array) {
        if (array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "array is " + array.getDataType() + "; kernels read float32");
        }
        long handle = handle(array);
        long[] shape = array.getShape().getShape();
        Device device =
                array.getDevice().isGpu()
                        ? new Device(Device.Kind.CUDA, array.getDevice().getDeviceId())
                        : Device.CPU;
        long[] strides = LibTorch.library().strides(handle, shape.length);
        if (shape[shape.length - 1] == 1) {
            // libtorch leaves the stride of a dimension of size 1 at whatever the last operation
            // made of it.
            strides[shape.length - 1] = 1;
        }
        return TensorView.of(
                LibTorch.library().dataAddress(handle), ElementType.FP32, device, shape, strides);
    }

    /** A new float32 array of the manager with a copy of dense row-major host memory. */
    public static NDArray create(NDManager manager, MemorySegment elements, Shape shape) {
        NDArray array = manager.create(shape, DataType.FLOAT32);
        memory(array).copyFrom(elements);
        return array;
    }

    /**
     * The elements of a dense host array of any type, in its own memory: write to it and the array
     * changes. Valid until the array is closed.
     *
     * @throws IllegalArgumentException when the array is not dense row-major or not in host memory
     */
    public static MemorySegment memory(NDArray array) {
        Shape shape = array.getShape();
        long bytes = Math.multiplyExact(shape.size(), array.getDataType().getNumOfBytes());
        if (bytes == 0) {
            return MemorySegment.NULL;
        }
        long handle = handle(array);
        long[] strides =
                shape.dimension() == 0
                        ? new long[0]
                        : LibTorch.library().strides(handle, shape.dimension());
        if (array.getDevice().isGpu() || !dense(shape.getShape(), strides)) {
            throw new IllegalArgumentException(
                    "array "
                            + shape
                            + " with strides "
                            + Arrays.toString(strides)
                            + " on "
                            + array.getDevice()
                            + " must be dense and in host memory; flatten or copy it first");
        }
        return MemorySegment.ofAddress(LibTorch.library().dataAddress(handle)).reinterpret(bytes);
    }

    /**
     * Adds the matrix product of two float32 arrays to a third in its place, without an array
     * between. No gradient is recorded; call it where recording is off ({@link Autograd#paused}).
     *
     * @param sum [A, C], changed
     * @param left [A, B]
     * @param right [B, C]
     */
    public static void addProduct(NDArray sum, NDArray left, NDArray right) {
        LibTorch.library().addProduct(handle(sum), handle(left), handle(right));
    }

    /** The elements of a float32 array in row-major order, copied to the heap. */
    public static float[] floats(NDArray array) {
        try (NDArray flat = array.toDevice(ai.djl.Device.cpu(), false).flatten()) {
            return memory(flat).toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static long handle(NDArray array) {
        if (array instanceof PtNDArray torch) {
            return torch.getHandle();
        }
        throw new IllegalArgumentException(
                "array is a "
                        + array.getClass().getName()
                        + "; the bridge reads arrays of the PyTorch engine");
    }

    /** Strides of dimensions of size 1 say nothing: any value is dense. */
    private static boolean dense(long[] shape, long[] strides) {
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            if (shape[d] != 1 && strides[d] != step) {
                return false;
            }
            step *= shape[d];
        }
        return true;
    }
}
