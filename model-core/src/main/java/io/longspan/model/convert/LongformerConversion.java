package io.longspan.model.convert;

import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns a RoBERTa into a Longformer that reads longer documents (paper, section 5), or a Longformer
 * into one of another length: the position table is tiled, the local query, key and value
 * projections become the global ones too, everything else is carried over bit for bit, the head
 * included.
 */
public final class LongformerConversion {
    private static final List<String> PROJECTIONS = List.of("query", "key", "value");
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final int MOST_POSITIONS = 1 << 20;

    private LongformerConversion() {}

    /**
     * What was done.
     *
     * @param sourceType family of the source
     * @param task of the checkpoint, carried over
     * @param sourcePositions usable before
     * @param positions usable now
     * @param window of every layer
     * @param tensors written
     * @param tokenizerFiles carried over
     */
    public record Result(
            String sourceType,
            String task,
            int sourcePositions,
            int positions,
            int window,
            int tensors,
            List<String> tokenizerFiles) {
        /** Copies the list. */
        public Result {
            tokenizerFiles = List.copyOf(tokenizerFiles);
        }
    }

    /**
     * Converts.
     *
     * @param from folder of a RoBERTa or Longformer
     * @param to folder to make; it appears only when it is whole
     * @param positions tokens that the new model reads
     * @param window total width of every layer's window, even
     * @param inspector sees the finished folder before it gets its name; when it throws, nothing is
     *     left
     * @throws ModelInputException naming what is wrong with the source, the target or the numbers
     */
    public static Result convert(
            Path from,
            Path to,
            int positions,
            int window,
            Progress progress,
            Consumer<Path> inspector) {
        if (positions < 1 || positions > MOST_POSITIONS) {
            throw new ModelInputException(
                    "positions is "
                            + positions
                            + "; it must be from 1 to "
                            + MOST_POSITIONS
                            + ", such as 4096");
        }
        NewFolder.check(to);
        try (Checkpoint source = CheckpointFiles.open(from)) {
            if (source.config().modelType() == ModelType.LONGSPAN) {
                throw new ModelInputException(
                        "'"
                                + from
                                + "' is of model_type longspan, whose windows, dilation and masks have no place in a longformer; convert a roberta or longformer checkpoint");
            }
            TensorNames names = source.names();
            LongformerConfig target = configuration(source.config(), names, positions, window);
            List<OutgoingTensor> tensors = tensors(source.config(), target, names, positions);
            List<String> carried = new ArrayList<>();
            NewFolder.write(
                    to,
                    folder -> {
                        carried.addAll(TokenizerCopy.copy(from, folder, positions));
                        CheckpointFiles.write(folder, target, tensors, progress);
                        inspector.accept(folder);
                    });
            return new Result(
                    source.config().modelType().key(),
                    names.task().key(),
                    source.config().usablePositions(),
                    positions,
                    window,
                    tensors.size(),
                    carried);
        }
    }

    private static LongformerConfig configuration(
            LongformerConfig source, TensorNames names, int positions, int window) {
        LayerAttention layer = LayerAttention.uniform(source.heads(), window);
        return source.toBuilder()
                .modelType(ModelType.LONGFORMER)
                .architectures(List.of(names.task().architecture(ModelType.LONGFORMER)))
                .maxPositionEmbeddings(positions + source.ids().pad() + 1)
                .attention(Collections.nCopies(source.layers(), layer))
                .build();
    }

    private static List<OutgoingTensor> tensors(
            LongformerConfig source, LongformerConfig target, TensorNames names, int positions) {
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (String name : names.canonical()) {
            String fileName = HuggingFaceNames.fileName(target.modelType(), names.task(), name);
            tensors.add(
                    name.equals(POSITIONS)
                            ? PositionTable.tile(
                                    names.get(name), fileName, source.ids().pad() + 1, positions)
                            : OutgoingTensor.copyOf(names.get(name), fileName));
        }
        if (!source.hasGlobalAttention()) {
            addGlobalProjections(target, names, tensors);
        }
        return tensors;
    }

    private static void addGlobalProjections(
            LongformerConfig target, TensorNames names, List<OutgoingTensor> tensors) {
        for (int layer = 0; layer < target.layers(); layer++) {
            for (String projection : PROJECTIONS) {
                for (String part : List.of("weight", "bias")) {
                    String self = "encoder.layer." + layer + ".attention.self.";
                    String global = self + projection + "_global." + part;
                    tensors.add(
                            OutgoingTensor.copyOf(
                                    names.get(self + projection + "." + part),
                                    HuggingFaceNames.fileName(
                                            target.modelType(), names.task(), global)));
                }
            }
        }
    }
}
