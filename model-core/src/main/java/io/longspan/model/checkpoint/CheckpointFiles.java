package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Folders in Hugging Face's layout: {@code config.json} beside {@code model.safetensors}, or beside
 * {@code model.safetensors.index.json} and the files that it names. Where there is neither, {@code
 * pytorch_model.bin} or {@code pytorch_model.bin.index.json} is read, see {@link TorchFile}.
 * Written is always {@code model.safetensors}.
 */
public final class CheckpointFiles {
    /** Name of the configuration file. */
    public static final String CONFIG = "config.json";

    /** Name of the file with all tensors. */
    public static final String WEIGHTS = "model.safetensors";

    /** Name of the index of a checkpoint in several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final String TORCH_WEIGHTS = "pytorch_model.bin";
    private static final String TORCH_INDEX = "pytorch_model.bin.index.json";

    private CheckpointFiles() {}

    /**
     * Opens a checkpoint; the caller closes it.
     *
     * @throws ModelInputException naming what is missing or wrong
     */
    public static Checkpoint open(Path folder) {
        checkFolder(folder);
        Path config = folder.resolve(CONFIG);
        if (!Files.exists(config)) {
            throw new ModelInputException(
                    "checkpoint folder '"
                            + folder
                            + "' has no config.json; copy the model's config.json into it");
        }
        return new Checkpoint(folder, LongformerConfigJson.read(config), tensors(folder));
    }

    /**
     * Opens only the tensors of a checkpoint; the caller closes them.
     *
     * @throws ModelInputException naming what is missing or wrong
     */
    public static TensorSource tensors(Path folder) {
        checkFolder(folder);
        if (Files.exists(folder.resolve(WEIGHTS))) {
            return SafetensorsFile.open(folder.resolve(WEIGHTS));
        }
        if (Files.exists(folder.resolve(INDEX))) {
            return ShardedTensors.open(
                    folder.resolve(INDEX), ".safetensors", SafetensorsFile::open);
        }
        if (Files.exists(folder.resolve(TORCH_WEIGHTS))) {
            return TorchFile.open(folder.resolve(TORCH_WEIGHTS));
        }
        if (Files.exists(folder.resolve(TORCH_INDEX))) {
            return ShardedTensors.open(folder.resolve(TORCH_INDEX), ".bin", TorchFile::open);
        }
        throw new ModelInputException(
                "checkpoint folder '"
                        + folder
                        + "' has no model.safetensors, no pytorch_model.bin and no index of either"
                        + " (model.safetensors.index.json, pytorch_model.bin.index.json); check the"
                        + " path");
    }

    /**
     * Writes a checkpoint into a folder, which is made when missing. The weights are written first:
     * a new folder with a configuration in it is complete.
     *
     * @param progress hears of each tensor that was written
     * @throws ModelInputException when the path is taken by a file
     * @throws UncheckedIOException when the disk refuses
     */
    public static void write(
            Path folder,
            LongformerConfig config,
            Collection<OutgoingTensor> tensors,
            Progress progress) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ModelInputException(
                    "checkpoint folder '" + folder + "' is a file; name a folder");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be made", e);
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), reporting(tensors, progress));
        LongformerConfigJson.write(config, folder.resolve(CONFIG));
    }

    private static List<OutgoingTensor> reporting(
            Collection<OutgoingTensor> tensors, Progress progress) {
        AtomicLong written = new AtomicLong();
        return tensors.stream()
                .map(tensor ->
                        new OutgoingTensor(
                                tensor.info(),
                                sink -> {
                                    tensor.values().giveTo(sink);
                                    progress.advance(
                                            tensor.info().name(),
                                            written.incrementAndGet(),
                                            tensors.size());
                                }))
                .toList();
    }

    private static void checkFolder(Path folder) {
        if (!Files.exists(folder)) {
            throw new ModelInputException(
                    "checkpoint folder '" + folder + "' does not exist; check the path");
        }
        if (!Files.isDirectory(folder)) {
            throw new ModelInputException(
                    "checkpoint '"
                            + folder
                            + "' is a file; name the folder that holds config.json and"
                            + " model.safetensors");
        }
    }
}
