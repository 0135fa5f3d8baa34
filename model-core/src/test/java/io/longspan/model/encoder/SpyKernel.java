package io.longspan.model.encoder;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes calls on to a kernel and remembers what became of plans and saved state. */
final class SpyKernel implements KernelBackend {
    final List<Saved> saved = new ArrayList<>();
    final List<Workload> plans = new ArrayList<>();

    /** The rows of each forward call without gradient. */
    final List<QueryRows> forwards = new ArrayList<>();

    /** How many query rows each of them was given. */
    final List<Long> queries = new ArrayList<>();

    int openPlans;
    int failingForward = -1;
    int failingBackward = -1;
    Runnable onCall = () -> {};

    private final KernelBackend kernel;
    private int backwards;

    SpyKernel(KernelBackend kernel) {
        this.kernel = kernel;
    }

    static final class Saved implements SavedForward {
        private final SavedForward inner;
        int used;
        int closed;

        Saved(SavedForward inner) {
            this.inner = inner;
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public void close() {
            closed++;
            inner.close();
        }
    }

    private final class Plan implements AttentionPlan {
        private final AttentionPlan inner;

        Plan(AttentionPlan inner) {
            this.inner = inner;
            openPlans++;
        }

        @Override
        public SequenceLayout layout() {
            return inner.layout();
        }

        @Override
        public QueryRows rows() {
            return inner.rows();
        }

        @Override
        public Workload workload() {
            return inner.workload();
        }

        @Override
        public long workspaceBytes() {
            return inner.workspaceBytes();
        }

        @Override
        public void close() {
            openPlans--;
            inner.close();
        }
    }

    long open() {
        return saved.stream().filter(state -> state.closed == 0).count();
    }

    @Override
    public Support supports(Workload workload) {
        return kernel.supports(workload);
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        plans.add(workload);
        return new Plan(kernel.plan(layout, rows, workload));
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        forwards.add(plan.rows());
        queries.add(tensors.query().size(0));
        kernel.forward(((Plan) plan).inner, tensors, dropout);
        onCall.run();
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        if (saved.size() == failingForward) {
            throw new IllegalStateException("no forward any more");
        }
        Saved state = new Saved(kernel.forwardForGradient(((Plan) plan).inner, tensors, dropout));
        saved.add(state);
        onCall.run();
        return state;
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward state, BackwardTensors tensors) {
        Saved own = (Saved) state;
        own.used++;
        if (backwards++ == failingBackward) {
            throw new IllegalStateException("no backward any more");
        }
        kernel.backward(((Plan) plan).inner, own.inner, tensors);
        onCall.run();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
