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

/** The head of token classification: dropout, linear, on every token. */
public final class TokenHead implements TaskHead {
    private final Linear output;
    private final HiddenDropout input;

    TokenHead(Weights weights, LongformerConfig config) {
        output = weights.linear("classifier");
        input = new HiddenDropout(HiddenMask.Site.HEAD_INPUT, 0, config.hiddenDropout());
    }

    @Override
    public Task task() {
        return Task.TOKEN_CLASSIFICATION;
    }

    @Override
    public int classes() {
        return (int) output.bias().size();
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.all(layout);
    }

    @Override
    public NDArray forward(NDArray rows, HeadDropout dropout) {
        try (NDManager scope = rows.getManager().newSubManager();
                Lent lent = Lent.to(scope, rows)) {
            return lent.giveBack(output.apply(dropout.apply(input, rows))); // [R, K]
        }
    }
}
