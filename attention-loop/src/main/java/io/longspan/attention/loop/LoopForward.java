package io.longspan.attention.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call, start to end. R rows, T tokens, H heads, D head size, S slots.
 *
 * <p>Closing it releases its arrays; the tensors that autograd needs live on in the graph. The
 * arrays of the call are only ever read: every operation starts from an array of its own, because
 * DJL attaches a result to the manager of the first operand.
 */
final class LoopForward implements AutoCloseable {
    private final ComposedCall call;
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] rows;
    private final List<KeySlot> slots;
    private final NDManager work;

    LoopForward(ComposedCall call) {
        this.call = call;
        layout = call.layout();
        pattern = call.pattern();
        rows = call.rows().indices(layout);
        slots = new KeySlots(layout, pattern, rows).all();
        work = call.query().getManager().newSubManager(call.query().getDevice());
    }

    @Override
    public void close() {
        work.close();
    }

    ComposedResult run() {
        NDArray localRows = localRows(); // [R, 1, 1]
        NDArray present = presentTokens(); // [T, 1, 1]
        Shape flat = new Shape((long) layout.tokens() * pattern.heads(), call.headSize());
        NDArray query = keep(localRows, call.query(), 0); // [R, H, D]
        NDArray key = keep(present, call.key(), 0).reshape(flat); // [T * H, D]
        NDArray value = keep(present, call.value(), 0).reshape(flat); // [T * H, D]

        NDArray scores = scores(query, key); // [R, H, S]
        SlotSoftmax softmax = SlotSoftmax.of(this, scores, visible());
        NDArray weights = softmax.weights(); // [R, H, S]
        if (call.drops()) {
            weights = weights.mul(own(new SlotDropout(call, rows).factors(work, slots)));
        }
        NDArray output = keep(localRows, mix(weights, value), 0); // [R, H, D]

        NDManager owner = call.query().getManager();
        output.attach(owner);
        NDArray logSumExp = null;
        if (call.wantLogSumExp()) {
            logSumExp = softmax.logSumExp().stopGradient(); // [R, H]
            logSumExp.attach(owner);
        }
        return new ComposedResult(output, logSumExp);
    }

    /** The array where {@code kept}, which broadcasts to it, and a constant elsewhere. */
    NDArray keep(NDArray kept, NDArray array, float otherwise) {
        Shape shape = array.getShape();
        NDArray dropped = kept.logicalNot().broadcast(shape);
        return NDArrays.where(dropped, work.create(otherwise).broadcast(shape), array);
    }

    /**
     * The same numbers in memory of the engine's own. What DJL makes of host numbers lies in a Java
     * buffer that goes with the handle, autograd or not; so does the factor of {@code mul(Number)}.
     */
    private static NDArray own(NDArray lent) {
        try (lent) {
            return lent.duplicate();
        }
    }

    private NDArray scores(NDArray query, NDArray key) {
        NDArray scale = own(work.create(pattern.scale()));
        NDList bias = biasColumns();
        NDList scores = new NDList();
        for (KeySlot slot : slots) {
            try (NDArray keys = gather(slot, key); // [R, H, D]
                    NDArray product = query.mul(keys)) {
                NDArray score = product.sum(new int[] {2}, true).mul(scale); // [R, H, 1]
                if (bias != null && slot.biasColumn() != KeySlot.NO_BIAS) {
                    score = score.add(bias.get(slot.biasColumn()));
                }
                scores.add(score);
            }
        }
        return concat(scores); // [R, H, S]
    }

    private NDArray mix(NDArray weights, NDArray value) {
        NDList perSlot = weights.split(slots.size(), 2); // S of [R, H, 1]
        NDArray sum = work.zeros(new Shape(rows.length, pattern.heads(), call.headSize()));
        for (int s = 0; s < slots.size(); s++) {
            try (NDArray values = gather(slots.get(s), value); // [R, H, D]
                    NDArray term = values.mul(perSlot.get(s))) {
                sum.addi(term);
            }
        }
        return sum;
    }

    /**
     * The slot's row of a [T * H, D] table for every (row, head): [R, H, D]. As an embedding, since
     * its gradient is summed in a fixed order; that of DJL's indexing is not.
     */
    private NDArray gather(KeySlot slot, NDArray table) {
        Shape shape = new Shape(rows.length, pattern.heads());
        try (NDArray tableRows = own(work.create(slot.tableRows(), shape))) { // [R, H]
            return Embedding.embedding(tableRows, table, SparseFormat.DENSE).singletonOrThrow();
        }
    }

    /** C arrays of [H, 1], without a bias none; columns out of a head's reach are zero. */
    private @Nullable NDList biasColumns() {
        NDArray bias = call.offsetBias();
        if (bias == null) {
            return null;
        }
        int heads = pattern.heads();
        int columns = pattern.biasColumns();
        boolean[] inReach = new boolean[heads * columns];
        for (int at = 0; at < inReach.length; at++) {
            int offset = at % columns - pattern.maxLeft();
            int head = at / columns;
            inReach[at] = -pattern.left(head) <= offset && offset <= pattern.right(head);
        }
        NDArray kept = work.create(inReach, new Shape(heads, columns));
        return keep(kept, bias, 0).split(columns, 1);
    }

    private NDArray visible() {
        NDList perSlot = new NDList();
        for (KeySlot slot : slots) {
            perSlot.add(work.create(slot.visible(), new Shape(rows.length, pattern.heads(), 1)));
        }
        return concat(perSlot); // [R, H, S]
    }

    /** Slot by slot; DJL's own concat copies a single array without its gradient. */
    private static NDArray concat(NDList perSlot) {
        return perSlot.size() == 1 ? perSlot.head() : NDArrays.concat(perSlot, 2);
    }

    private NDArray localRows() {
        boolean[] local = new boolean[rows.length];
        for (int r = 0; r < rows.length; r++) {
            local[r] = layout.role(rows[r]) == TokenRole.LOCAL;
        }
        return work.create(local, new Shape(rows.length, 1, 1));
    }

    private NDArray presentTokens() {
        boolean[] present = new boolean[layout.tokens()];
        for (int t = 0; t < present.length; t++) {
            present[t] = layout.role(t) != TokenRole.MASKED;
        }
        return work.create(present, new Shape(present.length, 1, 1));
    }
}
