package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.DeclaredBackend;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import org.jspecify.annotations.Nullable;

/**
 * The backend: checks what it is asked, and leaves the arithmetic to {@link DenseForward} and
 * {@link DenseBackward}.
 */
final class DenseBackend extends DeclaredBackend implements KernelBackend {
    DenseBackend(DenseAttentionProvider provider) {
        super(provider);
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        admit(workload);
        return new DensePlan(layout, rows, workload);
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        new DenseForward(open(plan), tensors, dropout).run();
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        return new DenseSaved(new DenseForward(open(plan), tensors, dropout).run(), dropout);
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors) {
        DensePlan open = open(plan);
        DenseSaved kept = ((DenseSaved) saved).use();
        new DenseBackward(open, tensors, kept.logSumExp(), kept.dropout()).run();
    }

    private DensePlan open(AttentionPlan plan) {
        requireOpen();
        return ((DensePlan) plan).requireOpen();
    }
}
