package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Named random tensors that remember their float values for an independent calculation. */
final class RandomWeights implements Weights {
    private final NDManager manager;
    private final Random random;
    private final Map<String, float[]> values = new HashMap<>();
    private final Map<String, NDArray> arrays = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    RandomWeights(NDManager manager, long seed) {
        this.manager = manager;
        random = new Random(seed);
    }

    RandomWeights add(String name, long... shape) {
        float[] drawn = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) random.nextGaussian() * 0.3f;
        }
        values.put(name, drawn);
        arrays.put(name, Rows.own(manager.create(drawn, new Shape(shape))));
        names.add(name);
        return this;
    }

    /** In the order in which they were added. */
    List<String> names() {
        return List.copyOf(names);
    }

    double at(String name, int index) {
        return values.get(name)[index];
    }

    @Override
    public NDArray get(String name) {
        return arrays.get(name);
    }

    @Override
    public boolean has(String name) {
        return arrays.containsKey(name);
    }
}
