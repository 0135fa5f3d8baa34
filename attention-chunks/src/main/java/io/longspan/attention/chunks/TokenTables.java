package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;

/**
 * What the index arithmetic looks up, on the device of the call.
 *
 * @param rows [R] packed index of each row of the call
 * @param local [T] whether a token is LOCAL
 * @param present [T] whether a token is not MASKED
 */
record TokenTables(NDArray rows, NDArray local, NDArray present) {
    static TokenTables of(NDManager manager, SequenceLayout layout, int[] rows) {
        try (NDArray packed = manager.create(rows);
                NDArray roles = manager.create(layout.roles())) {
            return new TokenTables(
                    packed.toType(DataType.INT64, true),
                    roles.eq(TokenRole.LOCAL.code()),
                    roles.neq(TokenRole.MASKED.code()));
        }
    }
}
