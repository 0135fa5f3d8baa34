package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a tensor is, without its values.
 *
 * @param name as in the file
 * @param dtype type of a value
 * @param shape sizes, outermost first; empty for a scalar
 */
public record TensorInfo(String name, DType dtype, List<Long> shape) {
    /**
     * Copies the shape and checks its sizes.
     *
     * @throws ModelInputException when a size is negative or the tensor has 2^63 bytes or more
     */
    public TensorInfo {
        shape = List.copyOf(shape);
        count(name, dtype, shape);
    }

    /** A tensor of the given sizes. */
    public static TensorInfo of(String name, DType dtype, long... shape) {
        return new TensorInfo(name, dtype, Arrays.stream(shape).boxed().toList());
    }

    /** Number of values; 1 for a scalar. */
    public long elements() {
        return count(name, dtype, shape);
    }

    /** Bytes of all values. */
    public long bytes() {
        return elements() * dtype.bytes();
    }

    /** The same tensor under another name. */
    public TensorInfo named(String other) {
        return new TensorInfo(other, dtype, shape);
    }

    private static long count(String name, DType dtype, List<Long> shape) {
        boolean empty = shape.contains(0L);
        long count = empty ? 0 : 1;
        for (long size : shape) {
            if (size < 0) {
                throw new ModelInputException(
                        "tensor "
                                + Quoted.of(name)
                                + " has shape "
                                + brief(shape)
                                + "; sizes must be 0 or more, so get the file again");
            }
            long largest = Long.MAX_VALUE / dtype.bytes();
            if (!empty && count > largest / size) {
                throw new ModelInputException(
                        "tensor "
                                + Quoted.of(name)
                                + " has shape "
                                + brief(shape)
                                + ", more than 2^63 bytes; get the file again");
            }
            count *= size;
        }
        return count;
    }

    /** A shape in brackets, cut when it is absurdly long. */
    static String brief(List<Long> shape) {
        return Quoted.plain(
                shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]")));
    }
}
