package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How a tensor lies in its storage: value (i, j, ...) is number {@code offset + i * strides[0] + j
 * * strides[1] + ...}.
 *
 * @param storage where the values are
 * @param offset of the first value
 * @param sizes outermost first
 * @param strides of each dimension, in values
 */
record TorchView(TorchStorage storage, long offset, List<Long> sizes, List<Long> strides) {
    private static final int MOST_DIMENSIONS = 64;

    TorchView {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
        if (sizes.size() != strides.size() || sizes.size() > MOST_DIMENSIONS) {
            throw new ModelInputException(
                    "a tensor has "
                            + sizes.size()
                            + " sizes and "
                            + strides.size()
                            + " strides; there must be as many, at most "
                            + MOST_DIMENSIONS
                            + ", so get the file again");
        }
    }

    /**
     * The tensor's description.
     *
     * @throws ModelInputException when it reaches outside of its storage, or repeats values so that
     *     it would be larger than what is stored
     */
    TensorInfo info(String name) {
        TensorInfo info = new TensorInfo(name, storage.dtype(), sizes);
        if (info.elements() > 0 && (info.elements() > storage.values() || !inside())) {
            throw new ModelInputException(
                    "tensor "
                            + Quoted.of(name)
                            + " of shape "
                            + TensorInfo.brief(sizes)
                            + ", strides "
                            + TensorInfo.brief(strides)
                            + " and offset "
                            + offset
                            + " does not fit in its storage of "
                            + storage.values()
                            + " values; get the file again");
        }
        return info;
    }

    private boolean inside() {
        if (offset < 0) {
            return false;
        }
        try {
            long last = offset;
            for (int i = 0; i < sizes.size(); i++) {
                if (strides.get(i) < 0) {
                    return false;
                }
                last = Math.addExact(last, Math.multiplyExact(sizes.get(i) - 1, strides.get(i)));
            }
            return last < storage.values();
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /**
     * The values row by row: a view of the storage where they lie so, else a copy.
     *
     * @param stored all values of the storage
     */
    MemorySegment rowMajor(MemorySegment stored, long elements) {
        long width = storage.dtype().bytes();
        if (elements == 0) {
            return stored.asSlice(0, 0);
        }
        if (isRowMajor()) {
            return stored.asSlice(offset * width, elements * width);
        }
        MemorySegment copy = Arena.ofAuto().allocate(elements * width, Long.BYTES);
        long[] index = new long[sizes.size()];
        long from = offset;
        for (long to = 0; to < elements; to++) {
            MemorySegment.copy(stored, from * width, copy, to * width, width);
            for (int d = index.length - 1; d >= 0; d--) {
                from += strides.get(d);
                if (++index[d] < sizes.get(d)) {
                    break;
                }
                from -= strides.get(d) * sizes.get(d);
                index[d] = 0;
            }
        }
        return copy.asReadOnly();
    }

    private boolean isRowMajor() {
        long expected = 1;
        for (int d = sizes.size() - 1; d >= 0; d--) {
            // The stride of a dimension of size 1 is never used and may be anything.
            if (sizes.get(d) != 1 && strides.get(d) != expected) {
                return false;
            }
            expected *= sizes.get(d);
        }
        return true;
    }
}
