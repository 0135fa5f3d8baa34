package io.longspan.attention.fused;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.attention.Workload;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The work items of a layout and pattern, and tables by token. */
final class FusedPlan implements AttentionPlan {
    private final SequenceLayout layout;
    private final QueryRows rows;
    private final Workload workload;
    private final WorkList work;
    private final byte[] roles;
    private final int @Nullable [] rowOf;
    private final int[][] globals;
    private final long scratchBytes;
    private final boolean half;
    private volatile boolean closed;

    FusedPlan(SequenceLayout layout, QueryRows rows, Workload workload, int threads, boolean half) {
        this.layout = layout;
        this.rows = rows;
        this.workload = workload;
        work = WorkList.of(layout, workload.pattern());
        roles = layout.roles();
        rowOf = rows.isAll() ? null : rowsByToken(rows.indices(layout), layout.tokens());
        globals = new int[layout.sequences()][];
        Arrays.setAll(globals, layout::globals);
        this.half = half;
        long more = half ? HalfScratch.bytes(workload.headSize()) : 0;
        scratchBytes = (Scratch.bytes(workload) + more) * threads;
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

    /** Whether products may be rounded, and the native tiles know all that is asked. */
    boolean half() {
        return half;
    }

    AttentionPattern pattern() {
        return workload.pattern();
    }

    WorkList work() {
        return work;
    }

    /** Index of a token among the wanted rows, or -1. */
    int rowOf(int token) {
        return rowOf == null ? token : rowOf[token];
    }

    boolean isRole(int token, TokenRole role) {
        return roles[token] == role.code();
    }

    /** Packed indices of a sequence's global tokens, ascending; not to be changed. */
    int[] globals(int sequence) {
        return globals[sequence];
    }

    @Override
    public long workspaceBytes() {
        long partial = 0;
        if (workload.training()) {
            for (WorkItem item : work.backward()) {
                partial += Partial.bytes(this, item.strip());
            }
        }
        return scratchBytes + partial;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
