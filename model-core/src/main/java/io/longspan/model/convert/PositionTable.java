package io.longspan.model.convert;

import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.TensorInfo;
import java.lang.foreign.MemorySegment;

/**
 * A position table made longer or shorter by tiling: the reserved rows are kept, and position j
 * gets the learned row of position j mod S, S being the old number of positions (paper, section 5).
 * Tiling beats random rows by far: the model keeps its sense of the neighbourhood everywhere but at
 * the seams.
 */
final class PositionTable {
    private PositionTable() {}

    /**
     * The new table.
     *
     * @param old [reserved + S, N]
     * @param reserved rows before the first position: the pad's and those below it
     * @param positions of the new table, M
     * @return [reserved + M, N] of the old type
     */
    static OutgoingTensor tile(StoredTensor old, String name, int reserved, int positions) {
        long rows = old.info().shape().get(0);
        long width = old.info().shape().get(1);
        long rowBytes = width * old.info().dtype().bytes();
        long learned = rows - reserved;
        TensorInfo info =
                TensorInfo.of(name, old.info().dtype(), (long) reserved + positions, width);
        return new OutgoingTensor(
                info,
                sink -> {
                    sink.accept(old.data().asSlice(0, reserved * rowBytes));
                    MemorySegment tile = old.data().asSlice(reserved * rowBytes);
                    for (long done = 0; done < positions; done += learned) {
                        sink.accept(
                                tile.asSlice(0, Math.min(learned, positions - done) * rowBytes));
                    }
                });
    }
}
