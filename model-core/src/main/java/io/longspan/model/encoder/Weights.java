package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The tensors of a checkpoint by their canonical names, without the prefix that a file may put
 * before them, such as {@code encoder.layer.0.attention.self.query.weight}.
 */
public interface Weights {
    /**
     * The tensor of a name; it stays the owner's to close.
     *
     * @throws IllegalArgumentException when there is none
     */
    NDArray get(String name);

    /** Whether there is a tensor of a name. */
    boolean has(String name);

    /**
     * The numbers of a tensor to read once, as for packing: float32, dense. What holds no array of
     * it need not make one.
     *
     * @param scope the memory is valid until it closes
     * @throws IllegalArgumentException when there is none
     */
    default MemorySegment memory(String name, Arena scope) {
        return TensorBridge.memory(get(name));
    }

    /** The pair {@code name.weight}, {@code name.bias} as a linear layer. */
    default Linear linear(String name) {
        return new Linear(get(name + ".weight"), get(name + ".bias"));
    }

    /** The same, where only the way forward matters. */
    default Dense dense(String name) {
        return dense(name + ".weight", name + ".bias");
    }

    /** A linear layer by the names of its weight and bias, where only the way forward matters. */
    default Dense dense(String weight, String bias) {
        return new Linear(get(weight), get(bias));
    }

    /** The pair {@code name.weight}, {@code name.bias} as a layer normalisation. */
    default Norm norm(String name, float epsilon) {
        return new Norm(get(name + ".weight"), get(name + ".bias"), epsilon);
    }
}
