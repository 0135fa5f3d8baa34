package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;

/** Holds what it was made for; there is nothing to prepare. */
final class ReferencePlan implements AttentionPlan {
    private final SequenceLayout layout;
    private final QueryRows rows;
    private final Workload workload;
    private volatile boolean closed;

    ReferencePlan(SequenceLayout layout, QueryRows rows, Workload workload) {
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

    @Override
    public long workspaceBytes() {
        return 0;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
