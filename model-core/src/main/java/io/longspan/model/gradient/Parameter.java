package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One weight of a trainable model and its gradient, if it gathers one. Belongs to the model; one
 * thread at a time.
 */
public final class Parameter {
    private final String name;
    private final String fileName;
    private final NDArray array;
    private @Nullable NDArray gradient;
    private boolean trained = true;

    Parameter(String name, String fileName, NDArray array) {
        this.name = name;
        this.fileName = fileName;
        this.array = array;
        array.setRequiresGradient(true);
    }

    /** Canonical name, such as {@code encoder.layer.0.output.dense.weight}. */
    public String name() {
        return name;
    }

    /** Name in the checkpoint that the model came from. */
    public String fileName() {
        return fileName;
    }

    /** Sizes, outermost first. */
    public List<Long> shape() {
        return LongStream.of(array.getShape().getShape()).boxed().toList();
    }

    /** Number of values. */
    public long elements() {
        return array.getShape().size();
    }

    /** The float32 values in row-major order: write to it and the model changes. */
    public MemorySegment values() {
        return TensorBridge.memory(array);
    }

    /**
     * The gradient in the same order, gathered since the last {@link TrainableModel#zeroGradients};
     * none when the weight has taken no part in any loss yet, or is not {@link #trained}.
     */
    public Optional<MemorySegment> gradient() {
        NDArray found = gradientArray();
        return found == null ? Optional.empty() : Optional.of(TensorBridge.memory(found));
    }

    /** Whether it gathers a gradient; see {@link TrainableModel#trainOnly}. */
    public boolean trained() {
        return trained;
    }

    /** The engine records no way to a weight that is not trained. */
    void setTrained(boolean wanted) {
        trained = wanted;
        array.setRequiresGradient(wanted);
    }

    NDArray array() {
        return array;
    }

    /** The engine keeps one array from the first gradient on and adds to it. */
    @Nullable NDArray gradientArray() {
        if (!trained) {
            return null;
        }
        if (gradient == null) {
            gradient = Autograd.gradient(array).orElse(null);
        }
        return gradient;
    }

    /** Gives a trained weight a gradient of zeros if it has none. */
    NDArray requireGradient() {
        NDArray found = gradientArray();
        if (found == null) {
            Autograd.gradientMemory(array);
            found = gradientArray();
        }
        if (found == null) {
            throw new IllegalStateException("the engine gave '" + name + "' no gradient");
        }
        return found;
    }
}
