package io.longspan.model.convert;

import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.TensorNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Copies local projections to the global ones again. Masked language modelling has no global
 * tokens, so in further pretraining the local projections move and the global copies stay behind;
 * the original work copies once more before fine-tuning.
 */
public final class GlobalResync {
    private GlobalResync() {}

    /**
     * Copies query, key and value of every layer. Every other tensor, its names and the
     * configuration stay as they are.
     *
     * @param folder of a Longformer
     * @param to folder to make, which appears only when it is whole; null to replace the folder's
     *     own weights in one step
     * @throws ModelInputException when the model has no global projections, or is to be changed in
     *     place and its weights are not in one {@code model.safetensors}
     */
    public static ResyncReport run(Path folder, @Nullable Path to, Progress progress) {
        if (to != null) {
            NewFolder.check(to);
        }
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            if (!checkpoint.config().hasGlobalAttention()) {
                throw new ModelInputException(
                        "'"
                                + folder
                                + "' is a "
                                + checkpoint.config().modelType().key()
                                + ", which has no global projections; convert it with longspan convert, which copies them");
            }
            TensorNames names = checkpoint.names();
            ResyncReport report = distances(checkpoint, names);
            List<OutgoingTensor> tensors = tensors(checkpoint, names, progress);
            if (to == null) {
                writeInPlace(folder, tensors);
            } else {
                NewFolder.write(to, made -> writeCopy(checkpoint, made, tensors));
            }
            return report;
        }
    }

    private static ResyncReport distances(Checkpoint checkpoint, TensorNames names) {
        List<ResyncReport.Layer> layers = new ArrayList<>();
        int tensors = 0;
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            double[] apart = new double[3];
            double size = 0;
            List<GlobalProjections.Pair> pairs = GlobalProjections.of(layer);
            for (int i = 0; i < pairs.size(); i++) {
                float[] local = names.get(pairs.get(i).local()).toFloats();
                float[] global = names.get(pairs.get(i).global()).toFloats();
                for (int at = 0; at < local.length; at++) {
                    double off = (double) global[at] - local[at];
                    apart[i / 2] += off * off;
                    size += (double) local[at] * local[at];
                }
            }
            double all = apart[0] + apart[1] + apart[2];
            layers.add(
                    new ResyncReport.Layer(
                            layer,
                            Math.sqrt(apart[0]),
                            Math.sqrt(apart[1]),
                            Math.sqrt(apart[2]),
                            all == 0 ? 0 : Math.sqrt(all / Math.max(size, Double.MIN_NORMAL))));
            tensors += pairs.size();
        }
        return new ResyncReport(tensors, layers);
    }

    /**
     * Every tensor of the files under its own name, the global ones with the local ones' values.
     */
    private static List<OutgoingTensor> tensors(
            Checkpoint checkpoint, TensorNames names, Progress progress) {
        Map<String, String> from = new TreeMap<>();
        checkpoint.tensors().names().forEach(name -> from.put(name, name));
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (GlobalProjections.Pair pair : GlobalProjections.of(layer)) {
                from.put(names.fileName(pair.global()), names.fileName(pair.local()));
            }
        }
        List<OutgoingTensor> tensors = new ArrayList<>();
        from.forEach((name, source) -> {
            OutgoingTensor copy = OutgoingTensor.copyOf(checkpoint.tensors().get(source), name);
            long number = tensors.size() + 1L;
            tensors.add(
                    new OutgoingTensor(
                            copy.info(),
                            sink -> {
                                copy.values().giveTo(sink);
                                progress.advance(name, number, from.size());
                            }));
        });
        return tensors;
    }

    private static void writeInPlace(Path folder, List<OutgoingTensor> tensors) {
        Path weights = folder.resolve(CheckpointFiles.WEIGHTS);
        if (!Files.exists(weights)) {
            throw new ModelInputException(
                    "the weights of '"
                            + folder
                            + "' are not in one model.safetensors, so they cannot be replaced in one step; name a new folder with --to");
        }
        SafetensorsWriter.write(weights, tensors);
    }

    private static void writeCopy(Checkpoint checkpoint, Path made, List<OutgoingTensor> tensors) {
        TokenizerCopy.copy(checkpoint.folder(), made, checkpoint.config().usablePositions());
        SafetensorsWriter.write(made.resolve(CheckpointFiles.WEIGHTS), tensors);
        Path config = checkpoint.folder().resolve(CheckpointFiles.CONFIG);
        try {
            Files.copy(config, made.resolve(CheckpointFiles.CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException("'" + config + "' cannot be copied", e);
        }
    }
}
