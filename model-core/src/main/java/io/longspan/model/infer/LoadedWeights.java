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
import java.util.HashMap;
import java.util.Map;

/**
 * Weights copied out of a checkpoint, once, straight from the mapped file into the engine's memory.
 */
public final class LoadedWeights implements Weights {
    private final Map<String, NDArray> arrays = new HashMap<>();

    /**
     * Copies every tensor of the checkpoint as float32 into arrays of the manager, which owns them.
     *
     * @throws io.longspan.model.ModelInputException when weights are NaN or infinite, naming their
     *     tensors
     */
    public LoadedWeights(TensorNames names, NDManager manager, Progress progress) {
        this(names, manager, NonFinite.REFUSE, progress);
    }

    /** The same, with a choice for weights that are NaN or infinite. */
    public LoadedWeights(
            TensorNames names, NDManager manager, NonFinite nonFinite, Progress progress) {
        FiniteCheck finite = new FiniteCheck();
        long total = names.canonical().size();
        for (String name : names.canonical()) {
            StoredTensor stored = names.get(name);
            long[] shape = stored.info().shape().stream().mapToLong(Long::longValue).toArray();
            NDArray array = manager.create(new Shape(shape), DataType.FLOAT32);
            finite.copy(stored, TensorBridge.memory(array));
            arrays.put(name, array);
            progress.advance(name, arrays.size(), total);
        }
        finite.finish(names.path(), nonFinite);
    }

    @Override
    public NDArray get(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "the checkpoint holds no '" + name + "'; ask has() first");
        }
        return array;
    }

    @Override
    public boolean has(String name) {
        return arrays.containsKey(name);
    }
}
