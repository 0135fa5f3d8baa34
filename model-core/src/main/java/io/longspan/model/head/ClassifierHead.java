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
 * The head of sequence classification: dropout, dense, tanh, dropout, linear, on the first token.
 */
public final class ClassifierHead implements TaskHead {
    private final Linear dense;
    private final Linear output;
    private final HiddenDropout input;
    private final HiddenDropout inner;

    ClassifierHead(Weights weights, LongformerConfig config) {
        dense = weights.linear("classifier.dense");
        output = weights.linear("classifier.out_proj");
        input = new HiddenDropout(HiddenMask.Site.HEAD_INPUT, 0, config.hiddenDropout());
        inner = new HiddenDropout(HiddenMask.Site.HEAD_INNER, 0, config.hiddenDropout());
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
    public NDArray forward(NDArray rows, HeadDropout dropout) {
        try (NDManager scope = rows.getManager().newSubManager();
                Lent lent = Lent.to(scope, rows)) {
            NDArray wide = dense.apply(dropout.apply(input, rows)).tanh(); // [R, N]
            return lent.giveBack(output.apply(dropout.apply(inner, wide))); // [R, K]
        }
    }
}
