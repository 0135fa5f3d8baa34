package io.longspan.model.encoder;

import ai.djl.ndarray.NDManager;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.infer.LoadedWeights;
import java.nio.file.Path;

/** Encoders with random weights, the same each time, that gather gradients. */
final class TinyEncoder {
    private TinyEncoder() {}

    /**
     * @param folder receives the checkpoint
     * @param manager owns the weights
     */
    static LongformerEncoder of(LongformerConfig config, Path folder, NDManager manager) {
        Path checkpoint = folder.resolve("model");
        RandomCheckpoint.write(config, 7, checkpoint, null, Progress.none());
        try (Checkpoint opened = CheckpointFiles.open(checkpoint)) {
            TensorNames names = opened.names();
            LoadedWeights weights = new LoadedWeights(names, manager, Progress.none());
            names.canonical().forEach(name -> weights.get(name).setRequiresGradient(true));
            return new LongformerEncoder(weights, config);
        }
    }
}
