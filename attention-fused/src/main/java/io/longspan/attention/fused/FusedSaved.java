package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.SavedForward;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One number per row and head, and the randomness of the call. */
final class FusedSaved implements SavedForward {
    private final FusedPlan plan;
    private final @Nullable AttentionDropout dropout;
    private final AtomicReference<float @Nullable []> log2 = new AtomicReference<>();
    private final long bytes;

    FusedSaved(FusedPlan plan, @Nullable AttentionDropout dropout, float[] log2) {
        this.plan = plan;
        this.dropout = dropout;
        this.log2.set(log2);
        bytes = (long) log2.length * Float.BYTES;
    }

    /**
     * The log2 of the sum of exponentials of each row and head, [R, H]; once.
     *
     * @throws IllegalStateException when it was taken or closed before, or belongs to another plan
     */
    float[] take(FusedPlan by) {
        if (by != plan) {
            throw new IllegalStateException("saved state belongs to another plan");
        }
        float[] taken = log2.getAndSet(null);
        if (taken == null) {
            throw new IllegalStateException("saved state was used or closed before");
        }
        return taken;
    }

    @Nullable AttentionDropout dropout() {
        return dropout;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        log2.set(null);
    }
}
