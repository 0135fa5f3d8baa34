package io.longspan.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A tensor to be written. Its values are asked for once, when their turn comes, so that a model
 * never has to be in memory twice.
 *
 * @param info name, type and shape
 * @param values hands over the values
 */
public record OutgoingTensor(TensorInfo info, Values values) {
    /** Hands over the values of one tensor. */
    @FunctionalInterface
    public interface Values {
        /**
         * Gives all values, little-endian and row-major, in one segment or several in order. A
         * segment is read before {@code accept} returns and may be freed or used again then.
         */
        void giveTo(Consumer<MemorySegment> sink);
    }

    /** A tensor whose values lie in memory already. */
    public static OutgoingTensor of(TensorInfo info, MemorySegment values) {
        return new OutgoingTensor(info, sink -> sink.accept(values));
    }

    /** F32 values of an array. */
    public static OutgoingTensor of(String name, float[] values, long... shape) {
        return new OutgoingTensor(
                TensorInfo.of(name, DType.F32, shape),
                sink ->
                        ArrayPieces.give(
                                values.length,
                                Float.BYTES,
                                (at, piece, count) ->
                                        MemorySegment.copy(
                                                values, at, piece, LittleEndian.FLOAT, 0, count),
                                sink));
    }

    /** I64 values of an array. */
    public static OutgoingTensor of(String name, long[] values, long... shape) {
        return new OutgoingTensor(
                TensorInfo.of(name, DType.I64, shape),
                sink ->
                        ArrayPieces.give(
                                values.length,
                                Long.BYTES,
                                (at, piece, count) ->
                                        MemorySegment.copy(
                                                values, at, piece, LittleEndian.LONG, 0, count),
                                sink));
    }

    /** A tensor of an open file under a new name, bit for bit. */
    public static OutgoingTensor copyOf(StoredTensor tensor, String name) {
        return of(tensor.info().named(name), tensor.data());
    }
}
