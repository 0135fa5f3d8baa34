package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import org.jspecify.annotations.Nullable;

/**
 * What the window of one layer is computed by, tensors of the batch aside.
 *
 * @param offsetBias [H, columns], exactly when the pattern declares one; a weight
 * @param layer index of the layer
 */
record LayerWindow(AttentionPattern pattern, @Nullable NDArray offsetBias, int layer) {
    /** The randomness of a call, or null when nothing is dropped. */
    @Nullable AttentionDropout dropout(@Nullable DropoutDraw draw) {
        return draw == null || pattern.dropout() == 0 ? null : draw.attention(layer);
    }
}
