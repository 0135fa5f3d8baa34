package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.Lent;
import io.longspan.model.encoder.Linear;
import io.longspan.model.encoder.Weights;

/** The head of sequence classification: dense, tanh, linear, on the first token. */
public final class ClassifierHead implements TaskHead {
    private final Linear dense;
    private final Linear output;

    ClassifierHead(Weights weights) {
        dense = weights.linear("classifier.dense");
        output = weights.linear("classifier.out_proj");
    }

    @Override
    public Task task() {
        return Task.SEQUENCE_CLASSIFICATION;
    }

    @Override
    public int classes() {
        return (int) output.bias().size();
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.first(layout);
    }

    @Override
    public NDArray forward(NDArray rows) {
        try (NDManager scope = rows.getManager().newSubManager();
                Lent lent = Lent.to(scope, rows)) {
            return lent.giveBack(output.apply(dense.apply(rows).tanh())); // [R, K]
        }
    }
}
