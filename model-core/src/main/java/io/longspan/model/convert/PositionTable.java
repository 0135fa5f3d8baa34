package io.longspan.model.convert;

import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A position table made longer or shorter by tiling: position j gets the learned row of position j
 * mod S, S being the old number of positions (paper, section 5). Tiling beats random rows by far:
 * the model keeps its sense of the neighbourhood everywhere but at the seams.
 *
 * <p>A Longformer's positions begin after the row of the pad id, so a table that begins elsewhere,
 * BERT's, is shifted: then transformers' own numbering finds the right row.
 *
 * @param old [first + S, N]
 * @param rows of the new table, in order, without gap
 */
record PositionTable(StoredTensor old, List<PositionRows> rows) {
    /** Copies the list. */
    PositionTable {
        rows = List.copyOf(rows);
    }

    /**
     * Plans a table.
     *
     * @param oldFirst row of the old table that a sequence begins with
     * @param newFirst the same of the new table; the rows before it are the old reserved ones, or
     *     zero where the old table has none
     * @param positions of the new table, M
     */
    static PositionTable tile(StoredTensor old, int oldFirst, int newFirst, int positions) {
        long learned = old.info().shape().getFirst() - oldFirst;
        List<PositionRows> rows = new ArrayList<>();
        int reserved = Math.min(oldFirst, newFirst);
        if (reserved > 0) {
            rows.add(new PositionRows(0, reserved - 1, 0L));
        }
        if (newFirst > reserved) {
            rows.add(new PositionRows(reserved, newFirst - 1, null));
        }
        for (long done = 0; done < positions; done += learned) {
            long count = Math.min(learned, positions - done);
            rows.add(
                    new PositionRows(
                            newFirst + done, newFirst + done + count - 1, (long) oldFirst));
        }
        return new PositionTable(old, rows);
    }

    /** The planned table under a name of the new file, of the old type. */
    OutgoingTensor tensor(String name) {
        long width = old.info().shape().getLast();
        long rowBytes = width * old.info().dtype().bytes();
        TensorInfo info = TensorInfo.of(name, old.info().dtype(), rows.getLast().last() + 1, width);
        return new OutgoingTensor(
                info,
                sink -> {
                    for (PositionRows span : rows) {
                        long bytes = (span.last() - span.first() + 1) * rowBytes;
                        Long from = span.from();
                        sink.accept(
                                from == null
                                        ? MemorySegment.ofArray(new byte[Math.toIntExact(bytes)])
                                        : old.data().asSlice(from * rowBytes, bytes));
                    }
                });
    }
}
