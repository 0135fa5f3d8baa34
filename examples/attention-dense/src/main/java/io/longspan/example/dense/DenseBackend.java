package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.attention.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backend: refuses what it does not declare, and leaves the arithmetic to {@link DenseForward}.
 */
final class DenseBackend implements KernelBackend {
    private volatile boolean closed;

    @Override
    public Support supports(Workload workload) {
        return DenseAttentionProvider.CAPABILITIES.check(workload);
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        requireOpen();
        supports(workload).orThrow(DenseAttentionProvider.NAME);
        return new DensePlan(layout, rows, workload);
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        requireOpen();
        if (dropout != null && plan.workload().pattern().dropout() > 0) {
            throw refusal(Feature.DROPOUT);
        }
        new DenseForward(((DensePlan) plan).requireOpen(), tensors).run();
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        throw refusal(Feature.GRADIENTS);
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors) {
        throw refusal(Feature.GRADIENTS);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "attention backend '" + DenseAttentionProvider.NAME + "' is closed");
        }
    }

    private static UnsupportedWorkloadException refusal(Feature feature) {
        return new UnsupportedWorkloadException(
                DenseAttentionProvider.NAME, List.of("does not support " + feature.words()));
    }
}
