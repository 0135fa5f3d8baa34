package io.longspan.example.dense;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;

/** Nothing to prepare: the plan remembers what it is for, and whether it was closed. */
final class DensePlan implements AttentionPlan {
    private final SequenceLayout layout;
    private final QueryRows rows;
    private final Workload workload;
    private volatile boolean closed;

    DensePlan(SequenceLayout layout, QueryRows rows, Workload workload) {
        this.layout = layout;
        this.rows = rows;
        this.workload = workload;
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

    /** What one row sees: key, column, score and factor, and on the way back two numbers more. */
    @Override
    public long workspaceBytes() {
        return (long) layout.longest() * (4 * Float.BYTES + 2 * Double.BYTES);
    }

    DensePlan requireOpen() {
        if (closed) {
            throw new IllegalStateException("the plan is closed; make another");
        }
        return this;
    }

    @Override
    public void close() {
        closed = true;
    }
}
