package io.longspan.model.infer;

import io.longspan.model.encoder.PackedWeights;
import io.longspan.model.encoder.Weights;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The linear layers of one model: the engine's, or packed ones and the threads that run them. */
final class ModelLinears implements AutoCloseable {
    private final Weights weights;
    private final @Nullable PackedWeights packed;
    private final @Nullable LinearKernels kernels;

    private ModelLinears(
            Weights weights, @Nullable PackedWeights packed, @Nullable LinearKernels kernels) {
        this.weights = weights;
        this.packed = packed;
        this.kernels = kernels;
    }

    /**
     * Layers over weights that outlive them.
     *
     * @param precision of packed layers, or null for the engine's
     */
    static ModelLinears of(Weights weights, @Nullable LinearPrecision precision) {
        if (precision == null) {
            return new ModelLinears(weights, null, null);
        }
        LinearKernels kernels = LinearKernels.open(Runtime.getRuntime().availableProcessors());
        PackedWeights packed = new PackedWeights(weights, kernels, precision);
        return new ModelLinears(packed, packed, kernels);
    }

    /** What the model's parts take their layers from. */
    Weights weights() {
        return weights;
    }

    /** Why layers that were to be packed run as the engine's linear, if they do. */
    Optional<String> fallback() {
        return packed == null ? Optional.empty() : packed.fallback();
    }

    @Override
    public void close() {
        if (packed != null) {
            packed.close();
        }
        if (kernels != null) {
            kernels.close();
        }
    }
}
