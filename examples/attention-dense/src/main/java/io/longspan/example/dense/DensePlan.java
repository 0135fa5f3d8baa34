package io.longspan.example.dense;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;

/** Nothing to prepare: the plan only remembers what it is for. */
record DensePlan(SequenceLayout layout, QueryRows rows, Workload workload)
        implements AttentionPlan {
    /** One row of scores per call. */
    @Override
    public long workspaceBytes() {
        return (long) layout.longest() * Float.BYTES;
    }

    @Override
    public void close() {}
}
