package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.Autograd;

/** A layer that the engine recorded whole. */
record ComposedLayerPass(NDManager scope, NDArray input, NDArray output) implements LayerPass {
    static ComposedLayerPass run(
            EncoderLayer layer,
            NDArray input,
            SequenceLayout layout,
            ComposedSession attention,
            NDManager parent) {
        NDManager scope = parent.newSubManager();
        try (Autograd.Mode _ = Autograd.recording()) {
            NDArray leaf = Autograd.leaf(input, scope); // [T, N]
            NDArray output = layer.forward(leaf, layout, attention); // [T, N]
            return new ComposedLayerPass(scope, leaf, output);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public NDArray backward(NDArray gradient) {
        Autograd.backward(output, gradient);
        return Autograd.gathered(input, gradient.getManager()); // [T, N]
    }

    @Override
    public void close() {
        scope.close();
    }
}
