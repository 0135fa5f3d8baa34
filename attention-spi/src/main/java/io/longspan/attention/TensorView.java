package io.longspan.attention;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A borrowed look at a tensor in raw memory: what a kernel reads or writes.
 *
 * <p>Whoever makes the view owns the memory and keeps it alive during the call; a kernel stores no
 * view. Sizes and strides are longs, in elements, so nothing here is bounded by 2 GiB. Strides let
 * a kernel read query, key and value out of one packed projection without a copy; the innermost
 * stride is 1.
 */
public final class TensorView {
    private final long address;
    private final ElementType type;
    private final Device device;
    private final long[] shape;
    private final long[] strides;

    private TensorView(
            long address, ElementType type, Device device, long[] shape, long[] strides) {
        this.address = address;
        this.type = type;
        this.device = device;
        this.shape = shape;
        this.strides = strides;
    }

    /**
     * A view with given strides.
     *
     * @param address of the first element, on the device
     * @param strides elements between neighbours of each dimension; the last one is 1
     * @throws IllegalArgumentException when shape and strides do not fit each other
     */
    public static TensorView of(
            long address, ElementType type, Device device, long[] shape, long[] strides) {
        if (shape.length != strides.length || shape.length == 0) {
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " and strides "
                            + Arrays.toString(strides)
                            + " must have the same rank, at least 1");
        }
        if (strides[strides.length - 1] != 1) {
            throw new IllegalArgumentException(
                    "innermost stride is "
                            + strides[strides.length - 1]
                            + "; it must be 1: make the tensor contiguous");
        }
        if (Arrays.stream(shape).anyMatch(n -> n < 1)
                || Arrays.stream(strides).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " must be positive and strides "
                            + Arrays.toString(strides)
                            + " not negative");
        }
        return new TensorView(address, type, device, shape.clone(), strides.clone());
    }

    /** A view of a dense row-major tensor. */
    public static TensorView contiguous(
            long address, ElementType type, Device device, long... shape) {
        return of(address, type, device, shape, denseStrides(shape));
    }

    /**
     * A view of a dense row-major tensor in host memory; the segment stays the caller's to close.
     */
    public static TensorView of(MemorySegment memory, ElementType type, long... shape) {
        TensorView view = contiguous(memory.address(), type, Device.CPU, shape);
        if (memory.byteSize() < view.byteSpan()) {
            throw new IllegalArgumentException(
                    "a tensor of shape "
                            + Arrays.toString(shape)
                            + " needs "
                            + view.byteSpan()
                            + " bytes; the segment has "
                            + memory.byteSize());
        }
        return view;
    }

    /** Address of the first element, on the device. */
    public long address() {
        return address;
    }

    /** How elements are stored. */
    public ElementType type() {
        return type;
    }

    /** Where the memory is. */
    public Device device() {
        return device;
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** Elements along a dimension. */
    public long size(int dimension) {
        return shape[dimension];
    }

    /** Elements from one index of a dimension to the next. */
    public long stride(int dimension) {
        return strides[dimension];
    }

    /** The sizes of all dimensions, a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long elements() {
        long product = 1;
        for (long n : shape) {
            product = Math.multiplyExact(product, n);
        }
        return product;
    }

    /** Bytes from the first element to the end of the last one. */
    public long byteSpan() {
        long last = 0;
        for (int d = 0; d < shape.length; d++) {
            last = Math.addExact(last, Math.multiplyExact(shape[d] - 1, strides[d]));
        }
        return Math.multiplyExact(last + 1, type.bytes());
    }

    /** Whether elements lie densely in row-major order. */
    public boolean isContiguous() {
        return Arrays.equals(strides, denseStrides(shape));
    }

    /**
     * The memory of a host tensor, from the first to the last element, without a lifetime of its
     * own.
     *
     * @throws IllegalStateException when the tensor is not in host memory
     */
    public MemorySegment segment() {
        if (device.kind() != Device.Kind.CPU) {
            throw new IllegalStateException(
                    "a tensor on " + device + " cannot be read by the host; copy it first");
        }
        return MemorySegment.ofAddress(address).reinterpret(byteSpan());
    }

    @Override
    public String toString() {
        return "TensorView[" + type + " " + Arrays.toString(shape) + " on " + device.kind() + "]";
    }

    private static long[] denseStrides(long[] shape) {
        long[] dense = new long[shape.length];
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            dense[d] = step;
            step = Math.multiplyExact(step, shape[d]);
        }
        return dense;
    }
}
