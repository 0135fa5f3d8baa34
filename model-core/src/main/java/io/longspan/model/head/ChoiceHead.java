package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.HiddenDropout;
import io.longspan.model.encoder.HiddenMask;
import io.longspan.model.encoder.Lent;
import io.longspan.model.encoder.Linear;
import io.longspan.model.encoder.Weights;

/**
 * The head of multiple choice: the pooler (dense, tanh) on the first token, dropout, then one
 * score. Every choice is a sequence of its own.
 */
public final class ChoiceHead implements TaskHead {
    private final Linear pooler;
    private final Linear output;
    private final HiddenDropout inner;

    ChoiceHead(Weights weights, LongformerConfig config) {
        pooler = weights.linear("pooler.dense");
        output = weights.linear("classifier");
        inner = new HiddenDropout(HiddenMask.Site.HEAD_INNER, 0, config.hiddenDropout());
    }

    @Override
    public Task task() {
        return Task.MULTIPLE_CHOICE;
    }

    @Override
    public int classes() {
        return 1;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.first(layout);
    }

    @Override
    public NDArray forward(NDArray rows, HeadDropout dropout) {
        try (NDManager scope = rows.getManager().newSubManager();
                Lent lent = Lent.to(scope, rows)) {
            NDArray pooled = pooler.apply(rows).tanh(); // [R, N]
            return lent.giveBack(output.apply(dropout.apply(inner, pooled))); // [R, 1]
        }
    }
}
