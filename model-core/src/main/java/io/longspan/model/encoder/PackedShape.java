package io.longspan.model.encoder;

import io.longspan.model.config.LongformerConfig;

/**
 * What all layers of a packed encoder have in common.
 *
 * @param width N
 * @param headSize D
 * @param maskedRowsAttend whether masked tokens attend, as in a RoBERTa
 */
record PackedShape(int width, int headSize, boolean preNorm, boolean maskedRowsAttend) {
    static PackedShape of(LongformerConfig config) {
        return new PackedShape(
                config.hiddenSize(),
                config.headSize(),
                config.preLayerNorm(),
                config.modelType().dense());
    }

    long rowBytes() {
        return (long) width * Float.BYTES;
    }
}
