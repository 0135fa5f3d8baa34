package io.longspan.model.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.FiniteCheck;
import io.longspan.model.checkpoint.NonFinite;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.encoder.Weights;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Weights of an open checkpoint, read when asked for: as an array that stays, or into memory that
 * goes after packing, so that packed weights are in memory once. Used while a model is put
 * together, by one thread.
 */
final class CheckpointWeights implements Weights {
    private static final long CACHE_LINE = 64;

    private final TensorNames names;
    private final NDManager manager;
    private final Progress progress;
    private final FiniteCheck finite = new FiniteCheck();
    private final Map<String, NDArray> arrays = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    /**
     * @param names of a checkpoint that stays open while weights are asked for
     * @param manager owns the arrays
     */
    CheckpointWeights(TensorNames names, NDManager manager, Progress progress) {
        this.names = names;
        this.manager = manager;
        this.progress = progress;
    }

    @Override
    public NDArray get(String name) {
        return arrays.computeIfAbsent(name, this::load);
    }

    private NDArray load(String name) {
        StoredTensor stored = names.get(name);
        long[] shape = stored.info().shape().stream().mapToLong(Long::longValue).toArray();
        NDArray array = manager.create(new Shape(shape), DataType.FLOAT32);
        copy(name, stored, TensorBridge.memory(array));
        return array;
    }

    @Override
    public MemorySegment memory(String name, Arena scope) {
        NDArray loaded = arrays.get(name);
        if (loaded != null) {
            return TensorBridge.memory(loaded);
        }
        StoredTensor stored = names.get(name);
        MemorySegment memory = scope.allocate(stored.info().elements() * Float.BYTES, CACHE_LINE);
        copy(name, stored, memory);
        return memory;
    }

    private void copy(String name, StoredTensor stored, MemorySegment target) {
        if (seen.add(name)) {
            finite.copy(stored, target);
            progress.advance(name, seen.size(), names.canonical().size());
        } else {
            stored.copyFloats(target);
        }
        if (stored.data().isMapped()) {
            // Pages of the file would count as this process's memory until the file is closed.
            stored.data().unload();
        }
    }

    @Override
    public boolean has(String name) {
        return names.has(name);
    }

    /**
     * Looks at the weights that nobody asked for, too.
     *
     * @throws io.longspan.model.ModelInputException when weights are NaN or infinite, naming their
     *     tensors
     */
    void finish(NonFinite nonFinite) {
        for (String name : names.canonical()) {
            if (!seen.contains(name)) {
                try (Arena scope = Arena.ofConfined()) {
                    memory(name, scope);
                }
            }
        }
        finite.finish(names.path(), nonFinite);
    }
}
