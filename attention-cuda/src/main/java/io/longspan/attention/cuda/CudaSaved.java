package io.longspan.attention.cuda;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.SavedForward;
import org.jspecify.annotations.Nullable;

/** Two numbers per row and head on the device, and the randomness of the call. */
final class CudaSaved implements SavedForward {
    private final CudaPlan plan;
    private final @Nullable AttentionDropout dropout;
    private final DeviceBlock softmax;
    private boolean gone;

    CudaSaved(CudaPlan plan, @Nullable AttentionDropout dropout, DeviceBlock softmax) {
        this.plan = plan;
        this.dropout = dropout;
        this.softmax = softmax;
    }

    /**
     * The block of the numbers, [R, H, 2], now the caller's to close; once.
     *
     * @throws IllegalStateException when it was taken or closed before, or belongs to another plan
     */
    synchronized DeviceBlock take(CudaPlan by) {
        if (by != plan) {
            throw new IllegalStateException("saved state belongs to another plan");
        }
        if (gone) {
            throw new IllegalStateException("saved state was used or closed before");
        }
        gone = true;
        return softmax;
    }

    @Nullable AttentionDropout dropout() {
        return dropout;
    }

    @Override
    public synchronized long bytes() {
        return gone ? 0 : softmax.bytes();
    }

    @Override
    public synchronized void close() {
        if (!gone) {
            gone = true;
            softmax.close();
        }
    }
}
