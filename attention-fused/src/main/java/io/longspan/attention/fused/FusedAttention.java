package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.DeclaredBackend;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.attention.compute.ComputeCrew;
import org.jspecify.annotations.Nullable;

/** The backend: plans, threads and their scratch. */
final class FusedAttention extends DeclaredBackend implements KernelBackend {
    private final TileMath math;
    private final ComputeCrew crew;
    private final boolean ownCrew;
    private final @Nullable Scratch[] scratches;
    private final @Nullable HalfTiles half;

    /**
     * A backend.
     *
     * @param library to close with it, or null: then every product is exact
     */
    FusedAttention(
            FusedAttentionProvider provider,
            TileMath math,
            BackendContext context,
            @Nullable TileLibrary library) {
        super(provider);
        this.math = math;
        ComputeCrew given = context.crew();
        ownCrew = given == null;
        crew = given == null ? new ComputeCrew(context.threads()) : given;
        scratches = new @Nullable Scratch[crew.threads()];
        half = library == null ? null : new HalfTiles(library, crew.threads());
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        admit(workload);
        boolean rounded = half != null && HalfTiles.serve(workload);
        return new FusedPlan(layout, rows, workload, crew.threads(), rounded);
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        forward(own(plan), tensors, dropout, null);
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        FusedPlan own = own(plan);
        int rows = own.rows().count(own.layout());
        float[] log2 = new float[Math.multiplyExact(rows, own.pattern().heads())];
        forward(own, tensors, dropout, log2);
        return new FusedSaved(own, dropout, log2);
    }

    private void forward(
            FusedPlan plan,
            ForwardTensors tensors,
            @Nullable AttentionDropout dropout,
            float @Nullable [] saved) {
        ForwardViews views = ForwardViews.of(tensors);
        if (half != null && plan.half() && dropout == null) {
            forward(plan, views, half);
            return;
        }
        crew.run(
                plan.work().forward().size(),
                (item, worker) ->
                        new ForwardItem(
                                        plan,
                                        math,
                                        plan.work().forward().get(item),
                                        scratch(worker, plan.workload()),
                                        views,
                                        dropout,
                                        saved)
                                .run());
    }

    private void forward(FusedPlan plan, ForwardViews views, HalfTiles tiles) {
        int headSize = plan.workload().headSize();
        try (ComputeCrew.Turn _ = crew.turn()) {
            // Closing takes a turn too: what was open a moment ago may be gone now.
            requireOpen();
            crew.run(
                    plan.work().forward().size(),
                    (item, worker) ->
                            new HalfItem(
                                            plan,
                                            math,
                                            plan.work().forward().get(item),
                                            scratch(worker, plan.workload()),
                                            tiles.scratch(worker, headSize),
                                            views)
                                    .run());
        }
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors) {
        FusedPlan own = own(plan);
        FusedSaved kept = (FusedSaved) saved;
        float[] log2 = kept.take(own);
        BackwardViews views = BackwardViews.of(tensors);
        BackwardCall call = new BackwardCall(own, math, views);
        crew.run(
                own.work().backward().size(),
                (item, worker) ->
                        new BackwardItem(
                                        own,
                                        math,
                                        own.work().backward().get(item),
                                        scratch(worker, own.workload()),
                                        views,
                                        kept.dropout(),
                                        log2,
                                        call.partialOf(item))
                                .run());
        if (own.layout().mostGlobals() > 0 || own.pattern().offsetBias()) {
            crew.run(call.pairs(), (pair, worker) -> call.addUp(pair));
            call.writeBias();
        }
    }

    /** A thread's panels, kept from call to call as long as the head size stays. */
    private Scratch scratch(int worker, Workload workload) {
        Scratch kept = scratches[worker];
        if (kept == null || !kept.fits(workload.headSize(), workload.training())) {
            kept = new Scratch(workload.headSize(), workload.training());
            scratches[worker] = kept;
        }
        return kept;
    }

    private FusedPlan own(AttentionPlan plan) {
        requireOpen();
        if (!(plan instanceof FusedPlan own)) {
            throw new IllegalArgumentException(
                    "the plan is of class "
                            + plan.getClass().getName()
                            + "; make it with this backend");
        }
        if (own.isClosed()) {
            throw new IllegalStateException("the plan is closed");
        }
        return own;
    }

    @Override
    public void close() {
        super.close();
        // The call that runs is over when it is our turn.
        try (ComputeCrew.Turn _ = crew.turn()) {
            if (half != null) {
                half.close();
            }
        }
        if (ownCrew) {
            crew.close();
        }
    }
}
