package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.Linear;
import io.longspan.model.encoder.Weights;

/** The head of token classification: linear, on every token. */
public final class TokenHead implements TaskHead {
    private final Linear output;

    TokenHead(Weights weights) {
        output = weights.linear("classifier");
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
    public NDArray forward(NDArray rows) {
        return output.apply(rows); // [R, K]
    }
}
