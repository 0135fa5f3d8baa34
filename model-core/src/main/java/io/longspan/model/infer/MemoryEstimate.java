package io.longspan.model.infer;

import io.longspan.model.config.LongformerConfig;

/**
 * Memory that a forward pass takes, known before it runs.
 *
 * @param weights bytes of all parameters in float32
 * @param activations bytes of the largest set of hidden tensors that live at once in a layer; the
 *     attention backend's workspace comes on top and is the backend's affair
 */
public record MemoryEstimate(long weights, long activations) {
    /** The estimate for one packed batch of T tokens. */
    public static MemoryEstimate of(LongformerConfig config, long parameters, long tokens) {
        long hidden = config.hiddenSize();
        // Attention: input, query, key, value, output. Feed-forward: input, attended, two inner
        // tensors, result.
        long attention = 5 * hidden;
        long feedForward = 3 * hidden + 2L * config.intermediateSize();
        return new MemoryEstimate(
                parameters * Float.BYTES, tokens * Math.max(attention, feedForward) * Float.BYTES);
    }

    /** Both together. */
    public long total() {
        return weights + activations;
    }
}
