package io.longspan.model.infer;

import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many numbers a model holds. A decoder that is the word table counts once.
 *
 * @param encoder embeddings and layers
 * @param pooler of the first token's state; 0 without one
 * @param head of the task, without the word table
 * @param global projections for global tokens, a part of the encoder
 */
public record ParameterCount(long encoder, long pooler, long head, long global) {
    /** Of a model that is complete and has nothing optional. */
    public static ParameterCount of(LongformerConfig config, Task task, long labels) {
        Map<String, Long> sizes = new TreeMap<>();
        for (ExpectedTensor tensor : ModelTensors.of(config, task, labels)) {
            if (tensor.required()) {
                sizes.put(tensor.name(), tensor.shape().stream().reduce(1L, (a, b) -> a * b));
            }
        }
        return of(sizes);
    }

    /** Of a checkpoint, as its files hold it. */
    public static ParameterCount of(TensorNames names) {
        Map<String, Long> sizes = new TreeMap<>();
        for (String name : names.canonical()) {
            boolean twin = name.equals(ModelTensors.DECODER) && !name.equals(names.decoder());
            if (!twin) {
                sizes.put(name, names.get(name).info().elements());
            }
        }
        return of(sizes);
    }

    private static ParameterCount of(Map<String, Long> sizes) {
        long encoder = 0;
        long pooler = 0;
        long head = 0;
        long global = 0;
        for (Map.Entry<String, Long> tensor : sizes.entrySet()) {
            String name = tensor.getKey();
            if (name.startsWith("embeddings.") || name.startsWith("encoder.")) {
                encoder += tensor.getValue();
                global += name.contains("_global.") ? tensor.getValue() : 0;
            } else if (name.startsWith("pooler.")) {
                pooler += tensor.getValue();
            } else {
                head += tensor.getValue();
            }
        }
        return new ParameterCount(encoder, pooler, head, global);
    }

    /** All together. */
    public long total() {
        return encoder + pooler + head;
    }

    /** The share of the global projections in the encoder, 0 to 1. */
    public double globalShare() {
        return (double) global / encoder;
    }
}
