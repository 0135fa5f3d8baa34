package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.SavedForward;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The log-sum-exp of a forward pass and its randomness: all that backward cannot recompute. */
final class DenseSaved implements SavedForward {
    private final double[] logSumExp;
    private final @Nullable AttentionDropout dropout;
    private final AtomicBoolean spent = new AtomicBoolean();

    /**
     * @param logSumExp [R, H]
     */
    DenseSaved(double[] logSumExp, @Nullable AttentionDropout dropout) {
        this.logSumExp = logSumExp;
        this.dropout = dropout;
    }

    /** Hands out what was saved, once. */
    DenseSaved use() {
        if (spent.getAndSet(true)) {
            throw new IllegalStateException(
                    "what this forward pass saved was used or closed; run forwardForGradient again");
        }
        return this;
    }

    double[] logSumExp() {
        return logSumExp;
    }

    @Nullable AttentionDropout dropout() {
        return dropout;
    }

    @Override
    public long bytes() {
        return (long) logSumExp.length * Double.BYTES;
    }

    @Override
    public void close() {
        spent.set(true);
    }
}
