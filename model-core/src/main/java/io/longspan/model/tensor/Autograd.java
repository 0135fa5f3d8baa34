package io.longspan.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine's automatic differentiation, without DJL's collector, of which a process can have only
 * one at a time. Whether operations are recorded is a property of the thread.
 */
public final class Autograd {
    private Autograd() {}

    /** Restores on closing what the thread did before. */
    public record Mode(boolean before) implements AutoCloseable {
        @Override
        public void close() {
            JniUtils.setGradMode(before);
        }
    }

    /** Operations of this thread on arrays with a gradient are recorded until closed. */
    public static Mode recording() {
        return mode(true);
    }

    /** Nothing of this thread is recorded until closed. */
    public static Mode paused() {
        return mode(false);
    }

    /** Whether operations of this thread on arrays with a gradient are recorded. */
    public static boolean isRecording() {
        return JniUtils.isGradMode();
    }

    private static Mode mode(boolean recorded) {
        Mode mode = new Mode(JniUtils.isGradMode());
        JniUtils.setGradMode(recorded);
        return mode;
    }

    /**
     * Adds gradients to every leaf that the root was made of, and lets go of what was recorded.
     *
     * @param gradient of the root, in its shape
     */
    public static void backward(NDArray root, NDArray gradient) {
        JniUtils.backward(torch(root), torch(gradient), false, false);
    }

    /**
     * The memory of an array as a leaf that gathers gradients: what is made of it does not go back
     * to what the array was made of.
     *
     * @return in the manager
     */
    public static NDArray leaf(NDArray array, NDManager manager) {
        NDArray leaf = array.stopGradient();
        leaf.attach(manager);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /**
     * The gradient that a leaf gathered, in the manager.
     *
     * @throws IllegalStateException when nothing went back to it
     */
    public static NDArray gathered(NDArray leaf, NDManager manager) {
        NDArray gradient =
                gradient(leaf)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "no gradient came back to a leaf of shape "
                                                + leaf.getShape()));
        gradient.attach(manager);
        return gradient;
    }

    /** The gradient that a leaf gathered, none before the first; the caller closes it. */
    public static Optional<NDArray> gradient(NDArray leaf) {
        NDArray gradient = JniUtils.getGradient(torch(leaf));
        return Optional.ofNullable(gradient);
    }

    /**
     * The gradient of a weight that gathers one, for adding to it by hand; zeros if it had none
     * yet. The engine keeps one array from the first gradient on and adds to it, so the memory is
     * valid for as long as the weight.
     *
     * @return null where the weight gathers none
     */
    public static @Nullable MemorySegment gradientMemory(NDArray weight) {
        if (!weight.hasGradient()) {
            return null;
        }
        try (NDArray gradient = gradient(weight).orElseGet(() -> noGradientYet(weight))) {
            return TensorBridge.memory(gradient);
        }
    }

    private static NDArray noGradientYet(NDArray weight) {
        try (Mode _ = recording();
                NDArray sum = weight.sum();
                NDArray nothing = sum.zerosLike()) {
            backward(sum, nothing);
        }
        return gradient(weight)
                .orElseThrow(() -> new IllegalStateException("the engine gave no gradient"));
    }

    private static PtNDArray torch(NDArray array) {
        if (array instanceof PtNDArray torch) {
            return torch;
        }
        throw new IllegalArgumentException(
                "array is a "
                        + array.getClass().getName()
                        + "; gradients are those of the PyTorch engine");
    }
}
