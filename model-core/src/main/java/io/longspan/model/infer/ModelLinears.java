package io.longspan.model.infer;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.encoder.PackedWeights;
import io.longspan.model.encoder.Weights;
import io.longspan.model.linear.LinearAvailability;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The linear layers of one model: the engine's, or packed ones. */
final class ModelLinears implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLinears.class);
    private static final String ENGINE = "DJL linear";

    private final CheckpointWeights loaded;
    private final @Nullable PackedWeights packed;
    private final @Nullable LinearKernels kernels;
    private final @Nullable String reason;
    private final LinearPrecision precision;

    private ModelLinears(
            CheckpointWeights loaded,
            @Nullable PackedWeights packed,
            @Nullable LinearKernels kernels,
            LinearPrecision precision,
            @Nullable String reason) {
        this.loaded = loaded;
        this.packed = packed;
        this.kernels = kernels;
        this.precision = precision;
        this.reason = reason;
    }

    /**
     * Layers of a checkpoint that is open until {@link #finish}. Where the kernels of a precision
     * are not to be had, packed float32 stands in, and the engine's linear for that, with a
     * warning.
     *
     * @param manager owns what is not packed; outlives this
     * @param crew outlives this
     */
    static ModelLinears of(
            TensorNames names,
            NDManager manager,
            ModelOptions options,
            ComputeCrew crew,
            Progress progress) {
        CheckpointWeights loaded = new CheckpointWeights(names, manager, progress);
        LinearPrecision asked = options.packed();
        if (asked == null) {
            return new ModelLinears(loaded, null, null, LinearPrecision.FP32, null);
        }
        LinearKernels kernels = LinearKernels.open(crew);
        List<String> reasons = new ArrayList<>();
        for (LinearPrecision each : List.of(asked, LinearPrecision.FP32)) {
            switch (kernels.availability(each)) {
                case LinearAvailability.Available _ -> {
                    return new ModelLinears(
                            loaded,
                            new PackedWeights(loaded, kernels, each),
                            kernels,
                            each,
                            warned(reasons));
                }
                case LinearAvailability.Unavailable(String why) -> reasons.add(each + ": " + why);
            }
        }
        kernels.close();
        return new ModelLinears(loaded, null, null, LinearPrecision.FP32, warned(reasons));
    }

    private static @Nullable String warned(List<String> reasons) {
        if (reasons.isEmpty()) {
            return null;
        }
        String reason = reasons.stream().distinct().reduce((a, b) -> a + "; " + b).orElseThrow();
        LOG.warn("Linear layers run in FP32 instead of packed as asked: {}", reason);
        return reason;
    }

    /** What the model's parts take their layers from. */
    Weights weights() {
        return packed == null ? loaded : packed;
    }

    /** All parts have their weights; the checkpoint may be closed. */
    void finish(ModelOptions options) {
        loaded.finish(options.nonFinite());
    }

    /** What the products are made of. */
    LinearPrecision precision() {
        return precision;
    }

    /** Library and instructions that compute them. */
    String kernel() {
        return packed == null ? ENGINE : packed.kernel().orElse(ENGINE);
    }

    /** Why layers do not run as asked, if they do not. */
    Optional<String> fallback() {
        return Optional.ofNullable(reason)
                .or(() -> packed == null ? Optional.empty() : packed.fallback());
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
