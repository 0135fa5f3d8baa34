package io.longspan.attention.cuda;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.ElementType;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a layout and pattern on the device. */
final class CudaPlan implements AttentionPlan {
    private final SequenceLayout layout;
    private final QueryRows rows;
    private final Workload workload;
    private final PlanTables tables;
    private volatile boolean closed;

    /** Only with the device's context current. */
    CudaPlan(Gpu gpu, SequenceLayout layout, QueryRows rows, Workload workload) {
        this.layout = layout;
        this.rows = rows;
        this.workload = workload;
        int[] rowOf = rows.isAll() ? null : rowsByToken(rows.indices(layout), layout.tokens());
        WorkList work = new WorkList(layout, pattern());
        List<Item> none = List.of();
        boolean back = workload.training();
        boolean biased = back && pattern().offsetBias();
        boolean half = workload.type() != ElementType.FP32;
        tables =
                PlanTables.write(
                        gpu,
                        layout,
                        rowOf,
                        work.queries(WorkList.TILE, rowOf),
                        half ? work.queries(MmaKernels.FORWARD_ROWS, rowOf) : none,
                        back ? work.keys() : none,
                        back ? work.globalParts() : none,
                        back ? work.globalSums() : none,
                        biased ? work.biasParts() : none,
                        biased ? work.biasSums() : none);
    }

    private static int[] rowsByToken(int[] listed, int tokens) {
        int[] byToken = new int[tokens];
        Arrays.fill(byToken, -1);
        for (int r = 0; r < listed.length; r++) {
            byToken[listed[r]] = r;
        }
        return byToken;
    }

    @Override
    public SequenceLayout layout() {
        return layout;
    }

    @Override
    public QueryRows rows() {
        return rows;
    }

    @Override
    public Workload workload() {
        return workload;
    }

    AttentionPattern pattern() {
        return workload.pattern();
    }

    /** R, the query rows. */
    int rowCount() {
        return rows.count(layout);
    }

    PlanTables tables() {
        return tables;
    }

    /** Bytes of the partial gradients of global keys. */
    long partialBytes() {
        return 2L
                * tables.globalParts().count()
                * WorkList.TILE
                * workload.headSize()
                * Float.BYTES;
    }

    /** Bytes of the partial gradients of the bias. */
    long biasBytes() {
        return (long) tables.biasParts().count() * pattern().biasColumns() * Float.BYTES;
    }

    /** Bytes of one number per row and head. */
    long rowBytes() {
        return (long) rowCount() * pattern().heads() * Float.BYTES;
    }

    @Override
    public long workspaceBytes() {
        return workload.training() ? rowBytes() + partialBytes() + biasBytes() : 0;
    }

    @Nullable String whyUnusable() {
        return closed ? "the plan is closed" : null;
    }

    @Override
    public void close() {
        closed = true;
        tables.close();
    }
}
