package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.SavedForward;
import org.jspecify.annotations.Nullable;

/** The numbers of every row's softmax, in the order of the walk. */
final class ReferenceSaved implements SavedForward {
    private final @Nullable AttentionDropout dropout;
    private final double[] topPlusLog;
    private boolean spent;

    ReferenceSaved(@Nullable AttentionDropout dropout, double[] topPlusLog) {
        this.dropout = dropout;
        this.topPlusLog = topPlusLog;
    }

    @Nullable AttentionDropout dropout() {
        return dropout;
    }

    /** Log-sum-exp of each row and head. */
    double[] topPlusLog() {
        return topPlusLog;
    }

    void spend() {
        if (spent) {
            throw new IllegalStateException("saved state was used or closed before");
        }
        spent = true;
    }

    @Override
    public long bytes() {
        return (long) topPlusLog.length * Double.BYTES;
    }

    @Override
    public void close() {
        spent = true;
    }
}
