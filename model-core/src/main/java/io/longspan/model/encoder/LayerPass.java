package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;

/**
 * One layer run forwards so that it can be gone back through, once. The graph that the engine
 * records is cut before the layer: its input is a leaf. Owns its arrays and what the backend saved;
 * closed by whoever asked for it.
 */
sealed interface LayerPass extends AutoCloseable permits ComposedLayerPass, KernelLayerPass {
    /**
     * Runs a layer.
     *
     * @param input [T, N]; stays the caller's
     * @param parent of the pass's own manager
     */
    static LayerPass run(
            EncoderLayer layer,
            NDArray input,
            SequenceLayout layout,
            AttentionSession attention,
            NDManager parent) {
        return switch (attention) {
            case ComposedSession composed ->
                    ComposedLayerPass.run(layer, input, layout, composed, parent);
            case KernelSession kernel -> KernelLayerPass.run(layer, input, layout, kernel, parent);
        };
    }

    /** The output, [T, N], as the root of what was recorded; stays the pass's. */
    NDArray output();

    /**
     * Goes back: adds the gradients of the layer's weights to theirs.
     *
     * @param gradient of the output, [T, N]; stays the caller's
     * @return the gradient of the input, [T, N], in the manager of {@code gradient}
     */
    NDArray backward(NDArray gradient);

    @Override
    void close();
}
