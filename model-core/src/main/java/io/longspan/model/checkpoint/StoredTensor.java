package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of an open file.
 *
 * @param info name, type and shape
 * @param data its values, little-endian, row-major, possibly unaligned; a read-only view into the
 *     mapped file that dies with the {@link TensorSource} it came from, or a copy where the file
 *     does not hold them in that order
 */
public record StoredTensor(TensorInfo info, MemorySegment data) {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /**
     * The values as float32 in an array of their own.
     *
     * @throws ModelInputException when the tensor holds no real numbers or too many for an array
     */
    public float[] toFloats() {
        float[] values = new float[arrayLength()];
        copyFloats(MemorySegment.ofArray(values));
        return values;
    }

    /**
     * Writes the values as float32 of the machine's byte order.
     *
     * @param target at least 4 bytes per value
     * @throws ModelInputException when the tensor does not hold F64, F32, F16 or BF16
     * @throws IndexOutOfBoundsException when the target is too small
     */
    public void copyFloats(MemorySegment target) {
        if (!info.dtype().isReal()) {
            throw new ModelInputException(
                    "tensor "
                            + Quoted.of(info.name())
                            + " holds "
                            + info.dtype()
                            + "; F32, F16, BF16 or F64 was expected, so convert the checkpoint");
        }
        FloatCopy.copy(info.dtype(), data, target, info.elements());
    }

    /**
     * The values of an integer or BOOL tensor.
     *
     * @throws ModelInputException when the tensor holds something else or too much for an array
     */
    public long[] toLongs() {
        LongReader reader =
                LongReader.of(info.dtype())
                        .orElseThrow(() ->
                                new ModelInputException(
                                        "tensor "
                                                + Quoted.of(info.name())
                                                + " holds "
                                                + info.dtype()
                                                + "; whole numbers were expected"));
        long[] values = new long[arrayLength()];
        for (int i = 0; i < values.length; i++) {
            values[i] = reader.read(data, (long) i * info.dtype().bytes());
        }
        return values;
    }

    private int arrayLength() {
        if (info.elements() > LARGEST_ARRAY) {
            throw new ModelInputException(
                    "tensor "
                            + Quoted.of(info.name())
                            + " has "
                            + info.elements()
                            + " values; at most "
                            + LARGEST_ARRAY
                            + " can be read at once");
        }
        return (int) info.elements();
    }
}
