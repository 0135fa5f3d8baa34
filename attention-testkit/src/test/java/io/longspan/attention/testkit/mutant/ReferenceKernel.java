package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The kernel: plain loops over memory, float64 inside, one flaw at most. */
final class ReferenceKernel implements KernelBackend {
    private final Flaw flaw;
    private final Capabilities capabilities;
    private volatile boolean closed;
    private int calls;
    private double @Nullable [] lastSaved;

    ReferenceKernel(Flaw flaw, Capabilities capabilities) {
        this.flaw = flaw;
        this.capabilities = capabilities;
    }

    @Override
    public Support supports(Workload workload) {
        if (flaw == Flaw.FEATURE_UNDECLARED_AND_ACCEPTED
                || flaw == Flaw.HEAD_SIZE_BEYOND_DECLARATION_ACCEPTED) {
            return new Support.Supported();
        }
        if (flaw == Flaw.FEATURE_DECLARED_AND_REFUSED
                && workload.features().contains(Feature.DILATION)) {
            return new Support.Unsupported(List.of("does not like dilation"));
        }
        return capabilities.check(workload);
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        requireOpen();
        if (flaw != Flaw.REFUSED_BY_SUPPORTS_BUT_NOT_BY_PLAN) {
            supports(workload).orThrow("reference");
        }
        return new ReferencePlan(layout, rows, workload);
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        forwardForGradient(plan, tensors, dropout).close();
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        requireOpen();
        requireOpen(plan);
        calls++;
        KernelTensors inputs =
                KernelTensors.of(
                        flaw,
                        tensors.query(),
                        tensors.key(),
                        tensors.value(),
                        tensors.offsetBias());
        TensorView wanted = tensors.logSumExp();
        Strided logSumExp = wanted == null ? null : new Strided(wanted, false);
        AttentionDropout drops = bySlot(dropout, plan.layout());
        double[] saved =
                new ForwardPass(plan, flaw, inputs, drops).run(tensors.output(), logSumExp);
        if (flaw == Flaw.NOT_REPEATABLE) {
            Strided output = new Strided(tensors.output(), false);
            output.set(0, 0, 0, output.get(0, 0, 0) * (1 + (calls % 2) * 2.4e-7));
        }
        if (flaw == Flaw.INPUT_WRITTEN) {
            inputs.query().set(0, 0, 0, inputs.query().get(0, 0, 0) * 0.5);
        }
        if (flaw == Flaw.WRITES_PAST_THE_END) {
            new Strided(tensors.output(), false).overrun();
        }
        lastSaved = saved;
        return new ReferenceSaved(drops, saved);
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors) {
        requireOpen();
        requireOpen(plan);
        ReferenceSaved own = (ReferenceSaved) saved;
        if (flaw != Flaw.SAVED_STATE_REUSABLE) {
            own.spend();
        }
        double[] kept = own.topPlusLog();
        double[] last = lastSaved;
        if (flaw == Flaw.SAVED_STATE_SHARED_BY_CALLS && last != null) {
            kept = last;
        }
        AttentionDropout drops = flaw == Flaw.BACKWARD_FORGETS_DROPOUT ? null : own.dropout();
        new BackwardPass(plan, flaw, tensors, drops, kept).run();
    }

    @Override
    public void close() {
        closed = true;
    }

    private @Nullable AttentionDropout bySlot(
            @Nullable AttentionDropout dropout, SequenceLayout layout) {
        if (dropout == null || flaw != Flaw.DROPOUT_BY_BATCH_SLOT) {
            return dropout;
        }
        List<Long> slots = LongStream.range(0, layout.sequences()).boxed().toList();
        return new AttentionDropout(dropout.seed(), dropout.step(), dropout.layer(), slots);
    }

    private void requireOpen() {
        if (closed && flaw != Flaw.CLOSED_BACKEND_USABLE) {
            throw new IllegalStateException("backend 'reference' is closed");
        }
    }

    private void requireOpen(AttentionPlan plan) {
        if (((ReferencePlan) plan).isClosed() && flaw != Flaw.CLOSED_PLAN_USABLE) {
            throw new IllegalStateException("the plan is closed");
        }
    }

    /** The packed token of each row of a plan. */
    static int[] tokens(AttentionPlan plan, Flaw flaw) {
        int[] tokens = plan.rows().indices(plan.layout());
        int last = tokens.length - 1;
        for (int r = 0; r <= last; r++) {
            if (flaw == Flaw.QUERY_ROWS_TAKEN_FOR_FIRST_ROWS) {
                tokens[r] = r;
            }
        }
        if (flaw == Flaw.QUERY_ROWS_IN_REVERSE && !plan.rows().isAll()) {
            for (int r = 0; r < tokens.length / 2; r++) {
                int kept = tokens[r];
                tokens[r] = tokens[last - r];
                tokens[last - r] = kept;
            }
        }
        return tokens;
    }

    static AttentionPattern pattern(AttentionPlan plan) {
        return plan.workload().pattern();
    }
}
