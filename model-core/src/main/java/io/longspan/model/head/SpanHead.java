package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.Linear;
import io.longspan.model.encoder.Weights;

/** The head of question answering: scores of being an answer's first and last token. */
public final class SpanHead implements TaskHead {
    private final Linear output;

    SpanHead(Weights weights) {
        output = weights.linear("qa_outputs");
    }

    @Override
    public Task task() {
        return Task.QUESTION_ANSWERING;
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.all(layout);
    }

    /** Column 0 scores the answer's first token, column 1 its last. Drops nothing. */
    @Override
    public NDArray forward(NDArray rows, HeadDropout dropout) {
        return output.apply(rows); // [R, 2]
    }
}
