package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * A layer that the engine recorded, whole or but for the rows of many global tokens. Then what
 * attention reads is a leaf, from which those rows are made once more on the way back.
 *
 * @param scope owns the arrays
 * @param input [T, N], a leaf
 * @param normed [T, N], what a pre-norm layer makes of the input first; else the input
 * @param read [T, N], what attention reads: the same memory as {@code normed}
 * @param globals made of {@code read}, or null when the layer was recorded whole
 * @param output [T, N], the root
 */
record ComposedLayerPass(
        EncoderLayer layer,
        NDManager scope,
        NDArray input,
        NDArray normed,
        NDArray read,
        @Nullable GlobalRowsPass globals,
        NDArray output)
        implements LayerPass {
    static ComposedLayerPass run(
            EncoderLayer layer,
            NDArray input,
            SequenceLayout layout,
            ComposedSession attention,
            NDManager parent) {
        NDManager scope = parent.newSubManager();
        try (Autograd.Mode _ = Autograd.recording()) {
            NDArray leaf = Autograd.leaf(input, scope); // [T, N]
            if (!layer.cutsGlobals(layout)) {
                NDArray output = layer.forward(leaf, layout, attention); // [T, N]
                return new ComposedLayerPass(layer, scope, leaf, leaf, leaf, null, output);
            }
            NDArray normed = layer.attentionInput(leaf); // [T, N]
            NDArray read = layer.preNorm() ? Autograd.leaf(normed, scope) : leaf; // [T, N]
            GlobalRowsPass globals = layer.globalPass(read, layout, attention.dropout());
            try (NDManager work = scope.newSubManager();
                    Lent lent = Lent.to(work, leaf);
                    Lent _ = Lent.to(work, read)) {
                NDArray output = layer.forward(leaf, read, layout, attention, globals); // [T, N]
                return new ComposedLayerPass(
                        layer, scope, leaf, normed, read, globals, lent.giveBack(output));
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public NDArray backward(NDArray gradient) {
        Autograd.backward(output, gradient);
        if (globals != null) {
            globals.backward(gradient.getManager());
            if (layer.preNorm()) {
                try (NDManager work = gradient.getManager().newSubManager()) {
                    Autograd.backward(normed, Autograd.gathered(read, work));
                }
            }
        }
        return Autograd.gathered(input, gradient.getManager()); // [T, N]
    }

    @Override
    public void close() {
        scope.close();
    }
}
