package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.linear.Finish;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.linear.LinearWeights;
import io.longspan.model.linear.PackedLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights whose linear layers run on packed kernels: for inference only, since nothing goes back
 * through them. Global rows, few as they are, keep DJL's linear. Close it after the model that was
 * made of it and before the kernels.
 */
public final class PackedWeights implements Weights, AutoCloseable {
    private final Weights weights;
    private final LinearKernels kernels;
    private final LinearPrecision precision;
    private final List<PackedLinear> packed = new ArrayList<>();

    /**
     * Packs as layers are asked for.
     *
     * @param weights that outlive this
     * @param kernels that outlive this
     */
    public PackedWeights(Weights weights, LinearKernels kernels, LinearPrecision precision) {
        this.weights = weights;
        this.kernels = kernels;
        this.precision = precision;
    }

    @Override
    public NDArray get(String name) {
        return weights.get(name);
    }

    @Override
    public boolean has(String name) {
        return weights.has(name);
    }

    @Override
    public Dense dense(String weight, String bias) {
        PackedLinear linear =
                kernels.pack(LinearWeights.of(get(weight), get(bias)), precision, Finish.PLAIN);
        packed.add(linear);
        return rows -> linear.apply(rows, null);
    }

    /** Why layers run as DJL's linear, if they do. */
    public Optional<String> fallback() {
        return packed.stream().flatMap(linear -> linear.fallback().stream()).findFirst();
    }

    /** Bytes of the packed weights, beside those that they were made of. */
    public long packedBytes() {
        return packed.stream().mapToLong(PackedLinear::packedBytes).sum();
    }

    @Override
    public void close() {
        packed.forEach(PackedLinear::close);
        packed.clear();
    }
}
