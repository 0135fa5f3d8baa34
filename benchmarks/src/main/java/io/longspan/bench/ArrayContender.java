package io.longspan.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.QueryRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Attention out of NDArray operations, differentiated by DJL: a composed backend, or dense. */
final class ArrayContender implements Contender {
    /** Attention of query, key and value, [T, H, D] each. */
    @FunctionalInterface
    interface Attention {
        NDArray output(NDArray query, NDArray key, NDArray value);
    }

    private final NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
    private final Attention attention;
    private final List<NDArray> inputs;
    private final NDArray gradient;
    private float[] output = {};

    private ArrayContender(Attention attention, AttentionBenchRequest asked) {
        this.attention = attention;
        Shape shape = new Shape(asked.tokens(), asked.heads(), asked.headSize());
        // Copies: what DJL makes of a Java array is lent by a Java buffer.
        inputs =
                List.of(0, 1, 2).stream()
                        .map(which -> manager.create(Numbers.draw(asked, which), shape).duplicate())
                        .toList(); // [T, H, D] each
        gradient = manager.create(Numbers.draw(asked, 3), shape).duplicate(); // [T, H, D]
    }

    static ArrayContender of(ComposedBackend backend, AttentionBenchRequest asked) {
        Task task = Task.of(asked);
        return new ArrayContender(
                (query, key, value) ->
                        backend.forward(
                                        new ComposedCall(
                                                query,
                                                key,
                                                value,
                                                null,
                                                task.layout(),
                                                task.pattern(),
                                                QueryRows.all(),
                                                null,
                                                false))
                                .output(),
                asked);
    }

    /** Every token sees every token: what a window saves is measured against this. */
    static ArrayContender dense(AttentionBenchRequest asked) {
        double scale = 1 / Math.sqrt(asked.headSize());
        return new ArrayContender(
                (query, key, value) -> {
                    NDArray q = query.transpose(1, 0, 2).mul(scale); // [H, T, D]
                    NDArray scores = q.matMul(key.transpose(1, 2, 0)); // [H, T, T]
                    NDArray mixed =
                            scores.softmax(-1).matMul(value.transpose(1, 0, 2)); // [H, T, D]
                    return mixed.transpose(1, 0, 2); // [T, H, D]
                },
                asked);
    }

    @Override
    public void forward() {
        try (NDManager scope = manager.newSubManager()) {
            List<NDArray> own = scoped(scope);
            NDArray result = attention.output(own.get(0), own.get(1), own.get(2)); // [T, H, D]
            result.attach(scope);
            // Also waits for the result, should the engine not.
            result.get(0).toFloatArray();
        }
    }

    @Override
    public double train() {
        return train(own -> {});
    }

    private double train(Consumer<List<NDArray>> look) {
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            List<NDArray> own = scoped(scope);
            own.forEach(array -> array.setRequiresGradient(true));
            NDArray result = attention.output(own.get(0), own.get(1), own.get(2)); // [T, H, D]
            NDArray loss = result.mul(gradient).sum();
            long begin = System.nanoTime();
            collector.backward(loss);
            own.getFirst().getGradient().get(0).toFloatArray();
            double seconds = (System.nanoTime() - begin) / 1e9;
            look.accept(own);
            return seconds;
        }
    }

    @Override
    public long workspaceBytes() {
        return 0;
    }

    @Override
    public float[] output() {
        if (output.length == 0) {
            try (NDManager scope = manager.newSubManager()) {
                List<NDArray> own = scoped(scope);
                output = attention.output(own.get(0), own.get(1), own.get(2)).toFloatArray();
            }
        }
        return output;
    }

    @Override
    public List<float[]> gradients() {
        List<float[]> gradients = new ArrayList<>();
        train(own -> own.forEach(array -> gradients.add(array.getGradient().toFloatArray())));
        return gradients;
    }

    private List<NDArray> scoped(NDManager scope) {
        return inputs.stream()
                .map(array -> {
                    NDArray copy = array.stopGradient();
                    copy.attach(scope);
                    return copy;
                })
                .toList();
    }

    @Override
    public void close() {
        manager.close();
    }
}
