package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.ProductPrecision;
import io.longspan.model.linear.Finish;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.linear.LinearWeights;
import io.longspan.model.linear.PackedLinear;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights whose linear layers run on packed kernels: for inference only, since nothing goes back
 * through them. Global rows, few as they are, keep DJL's linear. Close it after the model that was
 * made of it and before the kernels.
 */
public final class PackedWeights implements Weights, AutoCloseable {
    private static final long CACHE_LINE = 64;

    private final Weights weights;
    private final LinearKernels kernels;
    private final LinearPrecision precision;
    private final List<PackedLinear> packed = new ArrayList<>();
    private final List<Workspaces> spaces = new ArrayList<>();

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
    public MemorySegment memory(String name, Arena scope) {
        return weights.memory(name, scope);
    }

    @Override
    public Dense dense(String weight, String bias) {
        PackedLinear linear = pack(Finish.PLAIN, List.of(weight), List.of(bias));
        return rows -> linear.apply(rows, null);
    }

    /**
     * Layers packed as one, their outputs side by side.
     *
     * @param names of layers, without {@code .weight} and {@code .bias}
     */
    PackedLinear linear(Finish finish, List<String> names) {
        return pack(
                finish,
                names.stream().map(name -> name + ".weight").toList(),
                names.stream().map(name -> name + ".bias").toList());
    }

    private PackedLinear pack(Finish finish, List<String> matrices, List<String> biases) {
        try (Arena scope = Arena.ofShared()) {
            MemorySegment bias = joined(biases, scope); // [out]
            MemorySegment weight = joined(matrices, scope); // [out, in]
            long out = bias.byteSize() / Float.BYTES;
            long in = weight.byteSize() / bias.byteSize();
            PackedLinear linear =
                    kernels.pack(
                            new LinearWeights(
                                    weight, bias, Math.toIntExact(out), Math.toIntExact(in)),
                            precision,
                            finish);
            packed.add(linear);
            return linear;
        }
    }

    private MemorySegment joined(List<String> names, Arena scope) {
        if (names.size() == 1) {
            return weights.memory(names.getFirst(), scope);
        }
        List<MemorySegment> parts =
                names.stream().map(name -> weights.memory(name, scope)).toList();
        long bytes = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        MemorySegment all = scope.allocate(bytes, CACHE_LINE);
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, all, at, part.byteSize());
            at += part.byteSize();
        }
        return all;
    }

    /** What attention may do with its products: what the layers do with theirs, in floats. */
    ProductPrecision products() {
        return precision == LinearPrecision.FP32 ? ProductPrecision.EXACT : ProductPrecision.BF16;
    }

    /** What layers run on. */
    LinearKernels kernels() {
        return kernels;
    }

    /** Closes workspaces with the weights. */
    Workspaces keep(Workspaces workspaces) {
        spaces.add(workspaces);
        return workspaces;
    }

    /** Library and instructions that compute the layers, for reports. */
    public Optional<String> kernel() {
        return packed.stream().map(PackedLinear::kernel).findFirst();
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
        spaces.forEach(Workspaces::close);
        spaces.clear();
        packed.forEach(PackedLinear::close);
        packed.clear();
    }
}
