package io.longspan.bench;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The same function with channels that are far larger than the others, as trained encoders have
 * them. Exact but for rounding:
 *
 * <p>Constant outliers. Every norm's output h gets an offset d in chosen channels, through the
 * norm's bias. A linear layer that reads it takes it back, b - W d, and so does the residual, at
 * the bias of the layer whose output is added to h. (A factor in the norm's weight could not be
 * taken back there, since in a post-norm layer the residual carries h into the next norm.)
 *
 * <p>Varying outliers. Attention is linear in its values: chosen rows of the value projections,
 * bias included, are multiplied by the factor, and the columns of the projection after attention
 * that read them are divided by it.
 */
final class OutlierVariant {
    private final AccuracyRequest.Outliers outliers;
    private final Random random;
    private final SortedMap<String, float[]> changed = new TreeMap<>();
    private final TensorNames names;
    private final int width;

    private OutlierVariant(
            TensorNames names, int width, AccuracyRequest.Outliers outliers, long seed) {
        this.names = names;
        this.width = width;
        this.outliers = outliers;
        random = new Random(seed);
    }

    /**
     * Writes the variant of a checkpoint.
     *
     * @param to folder to make
     * @return the offset of each channel of the model's output, [N]
     * @throws ModelInputException when the model is neither a masked language model nor an encoder,
     *     normalises before its layers, or has fewer channels
     */
    static float[] write(Path from, Path to, AccuracyRequest.Outliers outliers, long seed) {
        try (Checkpoint checkpoint = CheckpointFiles.open(from)) {
            int width = checkpoint.config().hiddenSize();
            if (checkpoint.config().preLayerNorm() || outliers.channels() > width) {
                throw new ModelInputException(
                        "outliers are put into post-norm models of at least as many channels; '"
                                + from
                                + "' has "
                                + width
                                + (checkpoint.config().preLayerNorm()
                                        ? " and normalises before its layers"
                                        : ""));
            }
            TensorNames names = checkpoint.names();
            if (names.task() != Task.MASKED_LM && names.task() != Task.ENCODER) {
                throw new ModelInputException(
                        "'"
                                + from
                                + "' is a "
                                + names.task().key()
                                + " model; outliers are put into masked-lm models and encoders");
            }
            OutlierVariant variant = new OutlierVariant(names, width, outliers, seed);
            float[] offset = variant.change(checkpoint.config().layers());
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (String name : variant.names.canonical()) {
                float[] values = variant.changed.get(name);
                String file = variant.names.fileName(name);
                long[] shape =
                        variant.names.get(name).info().shape().stream()
                                .mapToLong(Long::longValue)
                                .toArray();
                tensors.add(
                        values == null
                                ? OutgoingTensor.copyOf(variant.names.get(name), file)
                                : OutgoingTensor.of(file, values, shape));
            }
            CheckpointFiles.write(to, checkpoint.config(), tensors, Progress.none());
            return offset;
        }
    }

    private float[] change(int layers) {
        int[] channels =
                random.ints(0, width).distinct().limit(outliers.channels()).sorted().toArray();
        float[] offset = shift("embeddings.LayerNorm", channels); // [N]
        for (int layer = 0; layer < layers; layer++) {
            String name = "encoder.layer." + layer;
            for (String part : List.of("query", "key", "value")) {
                takeBack(name + ".attention.self." + part, offset);
                if (names.has(name + ".attention.self." + part + "_global.weight")) {
                    takeBack(name + ".attention.self." + part + "_global", offset);
                }
            }
            add(name + ".attention.output.dense.bias", offset, -1);
            scaleValues(name);
            offset = shift(name + ".attention.output.LayerNorm", channels);
            takeBack(name + ".intermediate.dense", offset);
            add(name + ".output.dense.bias", offset, -1);
            offset = shift(name + ".output.LayerNorm", channels);
        }
        for (String head : List.of("lm_head.dense", "pooler.dense")) {
            if (names.has(head + ".weight")) {
                takeBack(head, offset);
            }
        }
        return offset;
    }

    private float[] values(String name) {
        return changed.computeIfAbsent(name, n -> names.get(n).toFloats());
    }

    /** Moves channels of a norm's output: the factor times the size of the usual one. */
    private float[] shift(String norm, int[] channels) {
        float[] weight = values(norm + ".weight"); // [N]
        float[] bias = values(norm + ".bias"); // [N]
        double square = 0;
        for (int i = 0; i < width; i++) {
            square += (double) weight[i] * weight[i] + (double) bias[i] * bias[i];
        }
        float size = (float) (outliers.factor() * Math.sqrt(square / width));
        float[] offset = new float[width];
        for (int channel : channels) {
            offset[channel] = size;
        }
        add(norm + ".bias", offset, 1);
        return offset;
    }

    private void add(String name, float[] offset, int sign) {
        float[] bias = values(name);
        for (int i = 0; i < bias.length; i++) {
            bias[i] += sign * offset[i];
        }
    }

    /** b - W d of a layer that reads what was moved. */
    private void takeBack(String dense, float[] offset) {
        float[] weight = values(dense + ".weight"); // [out, N]
        float[] bias = values(dense + ".bias"); // [out]
        for (int row = 0; row < bias.length; row++) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += (double) weight[row * width + i] * offset[i];
            }
            bias[row] = (float) (bias[row] - sum);
        }
    }

    private void scaleValues(String layer) {
        float factor = (float) outliers.factor();
        int[] rows = random.ints(0, width).distinct().limit(outliers.channels()).toArray();
        for (String value : List.of(".attention.self.value", ".attention.self.value_global")) {
            if (!names.has(layer + value + ".weight")) {
                continue;
            }
            float[] weight = values(layer + value + ".weight"); // [N, N]
            float[] bias = values(layer + value + ".bias"); // [N]
            for (int row : rows) {
                bias[row] *= factor;
                for (int i = 0; i < width; i++) {
                    weight[row * width + i] *= factor;
                }
            }
        }
        float[] projection = values(layer + ".attention.output.dense.weight"); // [N, N]
        for (int out = 0; out < width; out++) {
            for (int row : rows) {
                projection[out * width + row] /= factor;
            }
        }
    }
}
