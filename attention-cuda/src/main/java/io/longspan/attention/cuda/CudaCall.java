package io.longspan.attention.cuda;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.DropoutDraws;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call's struct and its launches. Only inside {@link Gpu#with}. */
final class CudaCall {
    private static final float LOG2_E = 1.442695f;
    static final int ROW_THREADS = 128;
    private static final int ROWS_PER_BLOCK = 4;

    private final Gpu gpu;
    private final CudaPlan plan;
    private final MemorySegment struct;

    CudaCall(Gpu gpu, CudaPlan plan, Staging staging, @Nullable AttentionDropout dropout) {
        this.gpu = gpu;
        this.plan = plan;
        struct = staging.call();
        PlanTables tables = plan.tables();
        CallLayout.set(struct, "roles", tables.roles());
        CallLayout.set(struct, "rowOf", tables.rowOf());
        CallLayout.set(struct, "globals", tables.globals());
        CallLayout.set(struct, "heads", plan.pattern().heads());
        CallLayout.set(struct, "headSize", plan.workload().headSize());
        CallLayout.set(struct, "rows", plan.rowCount());
        CallLayout.set(struct, "causal", plan.pattern().causal() ? 1 : 0);
        CallLayout.set(struct, "scale", plan.pattern().scale());
        CallLayout.set(struct, "scoreLog2", plan.pattern().scale() * LOG2_E);
        CallLayout.set(struct, "biasLeft", plan.pattern().maxLeft());
        CallLayout.set(struct, "biasColumns", plan.pattern().biasColumns());
        if (dropout != null && plan.pattern().dropout() > 0) {
            DropoutDraws draws = dropout.mask(0, plan.pattern().dropout()).draws(0);
            CallLayout.set(struct, "dropoutKey", draws.key());
            CallLayout.set(struct, "dropThreshold", draws.threshold());
            CallLayout.set(struct, "keepScale", draws.keepScale());
            CallLayout.set(struct, "samples", staging.numbers(sampleIds(dropout)));
        }
    }

    private long[] sampleIds(AttentionDropout dropout) {
        List<Long> ids = dropout.sampleIds();
        int sequences = plan.layout().sequences();
        if (ids.size() < sequences) {
            throw new IllegalArgumentException(
                    "dropout has "
                            + ids.size()
                            + " sample ids; the batch has "
                            + sequences
                            + " sequences");
        }
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    CudaCall view(String field, DeviceView view) {
        CallLayout.set(struct, field, view);
        return this;
    }

    CudaCall pointer(String field, long address) {
        CallLayout.set(struct, field, address);
        return this;
    }

    void forward(KernelChoice choice) {
        PlanTables.Items items =
                choice.wide() ? plan.tables().wideQueries() : plan.tables().queries();
        boolean biased = plan.pattern().offsetBias();
        if (gpu.usesOwnForward() && choice.fitsOwnForward(biased)) {
            run(choice.ownForwardImage(), choice.ownForward(items.count()), items);
        } else {
            run(choice.image(), choice.forward(items.count(), biased), items);
        }
    }

    void delta(KernelChoice choice) {
        long pairs = (long) plan.rowCount() * plan.pattern().heads();
        int blocks = Math.toIntExact(Math.ceilDiv(pairs, ROWS_PER_BLOCK));
        gpu.launch(choice.image(), new Launch("delta_rows", blocks, ROW_THREADS, 0), struct);
    }

    void queryGradients(KernelChoice choice) {
        PlanTables.Items items = plan.tables().queries();
        run(choice.image(), choice.queries(items.count()), items);
    }

    void keyGradients(KernelChoice choice) {
        PlanTables.Items keys = plan.tables().keys();
        run(choice.image(), choice.keys(keys.count()), keys);
        PlanTables.Items parts = plan.tables().globalParts();
        if (parts.count() > 0) {
            run(choice.image(), choice.keys(parts.count()), parts);
            PlanTables.Items sums = plan.tables().globalSums();
            run(choice.image(), new Launch("sum_parts", sums.count(), ROW_THREADS, 0), sums);
        }
    }

    void biasGradients(KernelChoice choice) {
        PlanTables.Items parts = plan.tables().biasParts();
        run(choice.image(), choice.bias(parts.count()), parts);
        PlanTables.Items sums = plan.tables().biasSums();
        run(choice.image(), new Launch("sum_bias", sums.count(), ROW_THREADS, 0), sums);
    }

    private void run(String image, Launch launch, PlanTables.Items items) {
        CallLayout.set(struct, "items", items.address());
        gpu.launch(image, launch, struct);
    }
}
