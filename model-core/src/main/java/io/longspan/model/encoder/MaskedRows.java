package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.stream.IntStream;

/**
 * The rows of masked tokens in a RoBERTa. There a masked token is hidden as a key only: its own row
 * attends to every unmasked token, where Longformer gives zeros. No other token ever reads such a
 * row; it is computed so that whole outputs equal the reference.
 */
final class MaskedRows {
    private MaskedRows() {}

    /** Packed indices of the masked tokens of sequences with something to see, ascending. */
    static int[] tokens(SequenceLayout layout) {
        return IntStream.range(0, layout.sequences())
                .filter(b -> of(layout, b, TokenRole.MASKED).length < layout.length(b))
                .flatMap(b -> IntStream.of(of(layout, b, TokenRole.MASKED)))
                .toArray();
    }

    /**
     * Computes them.
     *
     * @param query [T, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return one row per token of {@link #tokens}, [rows, N], in the manager of the query
     */
    static NDArray forward(
            NDArray query, NDArray key, NDArray value, SequenceLayout layout, float scale) {
        NDList parts = new NDList();
        for (int b = 0; b < layout.sequences(); b++) {
            int[] masked = of(layout, b, TokenRole.MASKED);
            int[] seen = of(layout, b, TokenRole.LOCAL);
            if (masked.length > 0 && seen.length > 0) {
                NDArray q =
                        headFirst(query, masked)
                                .mul(query.getManager().full(new Shape(), scale)); // [H, M, D]
                NDArray k = headFirst(key, seen).transpose(0, 2, 1); // [H, D, S]
                NDArray context =
                        q.matMul(k).softmax(-1).matMul(headFirst(value, seen)); // [H, M, D]
                parts.add(context.transpose(1, 0, 2).reshape(masked.length, -1)); // [M, N]
            }
        }
        return GlobalRows.joinRows(parts); // [rows, N]
    }

    private static int[] of(SequenceLayout layout, int sequence, TokenRole role) {
        return IntStream.range(layout.start(sequence), layout.end(sequence))
                .filter(t -> layout.role(t) == role)
                .toArray();
    }

    private static NDArray headFirst(NDArray tensor, int[] tokens) {
        long[] wanted = IntStream.of(tokens).asLongStream().toArray();
        long heads = tensor.getShape().get(1);
        NDArray rows =
                Rows.pick(
                        tensor.reshape(tensor.getShape().get(0), -1),
                        Rows.index(tensor.getManager(), wanted)); // [tokens, N]
        return rows.reshape(wanted.length, heads, -1).transpose(1, 0, 2); // [H, tokens, D]
    }
}
