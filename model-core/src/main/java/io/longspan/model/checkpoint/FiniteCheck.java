package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies weights and looks for NaN and infinity on the way, then reports all tensors that have
 * some. Not thread-safe.
 */
public final class FiniteCheck {
    private static final Logger LOG = LoggerFactory.getLogger(FiniteCheck.class);
    private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED;

    /** Exponent all ones: infinity, and NaN above it. */
    private static final int INFINITY = 0x7f80_0000;

    private static final int MAGNITUDE = 0x7fff_ffff;
    private static final int MOST_NAMED = 100;

    private final int[] piece = new int[1 << 13];
    private final List<String> found = new ArrayList<>();
    private int tensors;

    /**
     * Copies a tensor as {@link StoredTensor#copyFloats} does and looks at it, piece by piece, so
     * that every value is looked at while it is in the cache.
     *
     * @param tensor to copy
     * @param target at least 4 bytes per value
     * @throws ModelInputException when the tensor does not hold F64, F32, F16 or BF16
     */
    public void copy(StoredTensor tensor, MemorySegment target) {
        TensorInfo info = tensor.info();
        long count = info.elements();
        long width = info.dtype().bytes();
        long bad = 0;
        long first = -1;
        for (long at = 0; at < count; at += piece.length) {
            int length = (int) Math.min(piece.length, count - at);
            TensorInfo part = TensorInfo.of(info.name(), info.dtype(), length);
            MemorySegment to = target.asSlice(at * Float.BYTES, (long) length * Float.BYTES);
            new StoredTensor(part, tensor.data().asSlice(at * width, length * width))
                    .copyFloats(to);
            MemorySegment.copy(to, BITS, 0, piece, 0, length);
            if (largest(length) >= INFINITY) {
                for (int i = 0; i < length; i++) {
                    if ((piece[i] & MAGNITUDE) >= INFINITY) {
                        first = first < 0 ? at + i : first;
                        bad++;
                    }
                }
            }
        }
        if (bad > 0) {
            add(info, target, bad, first);
        }
    }

    /**
     * A maximum over magnitudes compiles to vector instructions; a search that may stop does not.
     */
    private int largest(int length) {
        int largest = 0;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, piece[i] & MAGNITUDE);
        }
        return largest;
    }

    private void add(TensorInfo info, MemorySegment floats, long bad, long first) {
        tensors++;
        if (found.size() == MOST_NAMED) {
            return;
        }
        float value = floats.get(ValueLayout.JAVA_FLOAT_UNALIGNED, first * Float.BYTES);
        found.add(
                Quoted.of(info.name())
                        + " ("
                        + bad
                        + " of "
                        + info.elements()
                        + ", the first "
                        + value
                        + " at "
                        + TensorInfo.brief(index(info.shape(), first))
                        + ")");
    }

    /** Row-major index of a value. */
    private static List<Long> index(List<Long> shape, long element) {
        Long[] index = new Long[shape.size()];
        long left = element;
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = left % shape.get(d);
            left /= shape.get(d);
        }
        return List.of(index);
    }

    /**
     * Ends the search.
     *
     * @param source the checkpoint, for the message
     * @param policy what to do when something was found
     * @throws ModelInputException naming every tensor, when the policy says so
     */
    public void finish(Object source, NonFinite policy) {
        if (tensors == 0) {
            return;
        }
        String more = tensors > found.size() ? " and " + (tensors - found.size()) + " more" : "";
        String message =
                "'"
                        + source
                        + "' holds weights that are no finite numbers in "
                        + tensors
                        + (tensors == 1 ? " tensor: " : " tensors: ")
                        + String.join(", ", found)
                        + more;
        switch (policy) {
            case ACCEPT -> LOG.warn("{}; they are used as they are", message);
            case REFUSE ->
                    throw new ModelInputException(
                            message
                                    + "; the training that wrote it diverged or the file is damaged,"
                                    + " so take an earlier checkpoint or get it again");
        }
    }
}
