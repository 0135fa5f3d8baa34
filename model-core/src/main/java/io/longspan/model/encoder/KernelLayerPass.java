package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose attention the engine does not see. What it records falls into graphs that meet in
 * leaves only: from the input to what attention reads, from there to the projections, and from the
 * attention output and the input to the layer's output. On the way back the kernel carries the
 * gradient from the last to the projections.
 *
 * @param scope owns the arrays
 * @param input [T, N], a leaf
 * @param normed [T, N], what a pre-norm layer makes of the input first; else the input
 * @param read [T, N], what attention reads: the same memory as {@code normed}, a leaf
 * @param roots the projections, made of {@code read}
 * @param cut the same memory as {@code roots}, as the last graph and the kernel read it
 * @param local [T, H, D], the kernel's output, a leaf of the last graph
 * @param globals the rows of global tokens, leaves of the last graph too, or null when the last
 *     graph makes them itself
 * @param output [T, N], the root of the last graph
 */
record KernelLayerPass(
        EncoderLayer layer,
        KernelSession attention,
        SavedForward saved,
        NDManager scope,
        NDArray input,
        NDArray normed,
        NDArray read,
        Projections roots,
        Projections cut,
        NDArray local,
        @Nullable GlobalRowsPass globals,
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
            NDArray normed = layer.attentionInput(leaf); // [T, N]
            NDArray read = layer.preNorm() ? Autograd.leaf(normed, work) : leaf; // [T, N]
            Projections roots = layer.project(read);
            Projections cut = roots.cut();
            NDArray local = work.create(cut.query().getShape(), DataType.FLOAT32); // [T, H, D]
            saved = attention.forwardForGradient(cut, local, layer.window());
            local.setRequiresGradient(true);
            if (layer.finishReadsProjections(layout)) {
                cut.gather();
            }
            GlobalRowsPass globals = layer.globalPass(read, layout, attention.dropout());
            NDArray output =
                    layer.finish(
                            leaf, read, cut, local, layout, attention.dropout(), globals); // [T, N]
            KernelLayerPass pass =
                    new KernelLayerPass(
                            layer, attention, saved, scope, leaf, normed, read, roots, cut, local,
                            globals, output);
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
            NDArray bias = layer.window().offsetBias();
            NDArray biasGradient =
                    bias == null
                            ? null
                            : work.create(bias.getShape(), DataType.FLOAT32); // [H, columns]
            Projections gradients =
                    attention.backward(
                            saved,
                            cut,
                            local,
                            Autograd.gathered(local, work), // [T, H, D]
                            layer.window(),
                            biasGradient);
            // The three graphs share nothing but the leaf, so none is walked twice.
            back(roots.query(), gradients.query(), cut.query());
            back(roots.key(), gradients.key(), cut.key());
            back(roots.value(), gradients.value(), cut.value());
            if (globals != null) {
                globals.backward(work);
            }
            if (bias != null && biasGradient != null && bias.hasGradient()) {
                addTo(bias, biasGradient);
            }
            if (layer.preNorm()) {
                Autograd.backward(normed, Autograd.gathered(read, work));
            }
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

    /** Adds to the gradient of a weight that the engine saw no use of. */
    private static void addTo(NDArray weight, NDArray gradient) {
        try (Autograd.Mode _ = Autograd.recording();
                NDArray root = weight.reshape(weight.getShape())) {
            Autograd.backward(root, gradient);
        }
    }

    private void keep() {
        input.attach(scope);
        normed.attach(scope);
        read.attach(scope);
        local.attach(scope);
        output.attach(scope);
        if (globals != null) {
            globals.output().attach(scope);
        }
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
