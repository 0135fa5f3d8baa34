package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.Autograd;

/**
 * A layer whose attention the engine does not see. What it records falls into two graphs that meet
 * in leaves only: from the input to the projections, and from the attention output and the input to
 * the layer's output. On the way back the kernel carries the gradient from one to the other.
 *
 * @param scope owns the arrays
 * @param input [T, N], a leaf of both graphs
 * @param roots of the first graph
 * @param cut the same memory as {@code roots}, as the second graph and the kernel read it
 * @param local [T, H, D], the kernel's output, a leaf of the second graph
 * @param output [T, N], the root of the second graph
 */
record KernelLayerPass(
        EncoderLayer layer,
        KernelSession attention,
        SavedForward saved,
        NDManager scope,
        NDArray input,
        Projections roots,
        Projections cut,
        NDArray local,
        NDArray output)
        implements LayerPass {

    static KernelLayerPass run(
            EncoderLayer layer,
            NDArray input,
            SequenceLayout layout,
            KernelSession attention,
            NDManager parent) {
        NDManager scope = parent.newSubManager();
        SavedForward saved = null;
        try (Autograd.Mode _ = Autograd.recording();
                NDManager work = scope.newSubManager()) {
            NDArray leaf = Autograd.leaf(input, work); // [T, N]
            Projections roots = layer.project(leaf);
            Projections cut = roots.cut();
            NDArray local = work.create(cut.query().getShape(), DataType.FLOAT32); // [T, H, D]
            saved = attention.forwardForGradient(cut, local, layer.pattern());
            local.setRequiresGradient(true);
            if (layer.finishReadsProjections(layout)) {
                cut.gather();
            }
            NDArray output = layer.finish(leaf, cut, local, layout); // [T, N]
            KernelLayerPass pass =
                    new KernelLayerPass(
                            layer, attention, saved, scope, leaf, roots, cut, local, output);
            pass.keep();
            return pass;
        } catch (RuntimeException | Error e) {
            if (saved != null) {
                saved.close();
            }
            scope.close();
            throw e;
        }
    }

    @Override
    public NDArray backward(NDArray gradient) {
        Autograd.backward(output, gradient);
        try (NDManager work = gradient.getManager().newSubManager()) {
            Projections gradients =
                    attention.backward(
                            saved,
                            cut,
                            local,
                            Autograd.gathered(local, work), // [T, H, D]
                            layer.pattern());
            // The three graphs share nothing but the leaf, so none is walked twice.
            back(roots.query(), gradients.query(), cut.query());
            back(roots.key(), gradients.key(), cut.key());
            back(roots.value(), gradients.value(), cut.value());
        }
        return Autograd.gathered(input, gradient.getManager()); // [T, N]
    }

    /**
     * @param root [T, H, D], a projection
     * @param gradient [T, H, D], from the kernel
     * @param leaf [T, H, D], the same projection, with what else the layer made of it
     */
    private static void back(NDArray root, NDArray gradient, NDArray leaf) {
        try (NDManager work = gradient.getManager().newSubManager()) {
            Autograd.gradient(leaf)
                    .ifPresent(more -> {
                        more.attach(work);
                        gradient.addi(more);
                    });
        }
        Autograd.backward(root, gradient);
    }

    private void keep() {
        input.attach(scope);
        local.attach(scope);
        output.attach(scope);
        for (Projections kept : new Projections[] {roots, cut}) {
            kept.query().attach(scope);
            kept.key().attach(scope);
            kept.value().attach(scope);
        }
    }

    @Override
    public void close() {
        try {
            saved.close();
        } finally {
            scope.close();
        }
    }
}
