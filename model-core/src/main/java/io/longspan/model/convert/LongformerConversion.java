package io.longspan.model.convert;

import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a RoBERTa, XLM-R or BERT into a Longformer that reads longer documents (paper, section 5),
 * or a Longformer into one of another length: the position table is tiled, the local query, key and
 * value projections become the global ones too, everything else is carried over bit for bit, the
 * head included. The family is read from the source's {@code config.json}.
 *
 * <p>The result of a dense source or a Longformer loads in transformers unchanged. For a BERT that
 * takes two things: position 0 goes to the row after the pad's, where transformers' Longformer
 * begins to count, and the heads get Longformer's names.
 */
public final class LongformerConversion {
    private LongformerConversion() {}

    /**
     * Converts with one window for all layers.
     *
     * @see #convert(Path, Path, ConversionTarget, Progress, Consumer)
     */
    public static ConversionReport convert(
            Path from,
            Path to,
            int positions,
            int window,
            Progress progress,
            Consumer<Path> inspector) {
        ConversionTarget target = new ConversionTarget(positions, List.of(window));
        return convert(from, to, target, progress, inspector);
    }

    /**
     * Converts.
     *
     * @param from folder of a RoBERTa, XLM-R, BERT or Longformer
     * @param to folder to make; it appears only when it is whole
     * @param inspector sees the finished folder before it gets its name; when it throws, nothing is
     *     left
     * @throws ModelInputException naming what is wrong with the source, the target or the numbers
     */
    public static ConversionReport convert(
            Path from,
            Path to,
            ConversionTarget wanted,
            Progress progress,
            Consumer<Path> inspector) {
        NewFolder.check(to);
        try (Checkpoint source = CheckpointFiles.open(from)) {
            TensorNames names = source.names();
            LongformerConfig target = configuration(source, names, wanted);
            ConvertedTensors converted = new ConvertedTensors(source.config(), target, names);
            List<String> carried = new ArrayList<>();
            NewFolder.write(
                    to,
                    folder -> {
                        carried.addAll(TokenizerCopy.copy(from, folder, wanted.positions()));
                        CheckpointFiles.write(folder, target, converted.tensors(), progress);
                        inspector.accept(folder);
                    });
            return new ConversionReport(
                    source.config().modelType().key(),
                    target.modelType().key(),
                    names.task().key(),
                    source.config().usablePositions(),
                    target.usablePositions(),
                    target.attention().stream().map(LayerAttention::widest).toList(),
                    target.attention().equals(source.config().attention()),
                    converted.positionRows(),
                    converted.copiedProjections(),
                    converted.sourceParameters(),
                    converted.parameters(),
                    converted.tensors().size(),
                    converted.leftOut(),
                    carried,
                    carried.isEmpty() ? null : tokenizerNote(to));
        }
    }

    private static LongformerConfig configuration(
            Checkpoint source, TensorNames names, ConversionTarget wanted) {
        LongformerConfig old = source.config();
        ModelType type =
                old.modelType() == ModelType.LONGSPAN ? ModelType.LONGSPAN : ModelType.LONGFORMER;
        return old.toBuilder()
                .modelType(type)
                .architectures(List.of(names.task().architecture(type)))
                .ids(
                        old.modelType() == ModelType.BERT
                                ? BertVocabulary.ids(source.folder(), old.ids())
                                : old.ids())
                .maxPositionEmbeddings(wanted.positions() + old.ids().pad() + 1)
                .attention(wanted.attention(old))
                .build();
    }

    private static @Nullable String tokenizerNote(Path folder) {
        try (RobertaTokenizer _ = RobertaTokenizer.open(folder)) {
            return null;
        } catch (ModelInputException e) {
            return "the tokenizer was carried over for other software; longspan reads RoBERTa's only, so texts cannot be given to this model here, only ids ("
                    + e.getMessage()
                    + ")";
        }
    }
}
