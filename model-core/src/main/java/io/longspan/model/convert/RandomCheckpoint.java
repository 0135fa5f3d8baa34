package io.longspan.model.convert;

import io.longspan.attention.Philox;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.config.LongformerConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A masked language model with random weights, as training from scratch begins: weights and tables
 * normal with the configuration's deviation, biases 0, gains 1, the pad's rows of the word and
 * position tables 0. The same seed gives the same bytes.
 */
public final class RandomCheckpoint {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PIECE = 1 << 18;

    private RandomCheckpoint() {}

    /**
     * Writes a checkpoint.
     *
     * @param to folder to make; it appears only when it is whole
     * @param tokenizer folder whose tokenizer is copied beside the weights, or null for none
     * @return number of parameters
     */
    public static long write(
            LongformerConfig shape,
            long seed,
            Path to,
            @Nullable Path tokenizer,
            Progress progress) {
        LongformerConfig config =
                shape.toBuilder()
                        .architectures(List.of(Task.MASKED_LM.architecture(shape.modelType())))
                        .build();
        List<ExpectedTensor> wanted =
                ModelTensors.of(config, Task.MASKED_LM, 0).stream()
                        .filter(ExpectedTensor::required)
                        .toList();
        List<OutgoingTensor> tensors = new ArrayList<>();
        long parameters = 0;
        for (int i = 0; i < wanted.size(); i++) {
            ExpectedTensor tensor = wanted.get(i);
            TensorInfo info =
                    new TensorInfo(
                            HuggingFaceNames.fileName(
                                    config.modelType(), Task.MASKED_LM, tensor.name()),
                            DType.F32,
                            tensor.shape());
            long key = Philox.derive(seed, i, 4);
            parameters += info.elements();
            tensors.add(
                    new OutgoingTensor(info, sink -> fill(tensor.name(), info, config, key, sink)));
        }
        NewFolder.write(
                to,
                folder -> {
                    if (tokenizer != null) {
                        TokenizerCopy.copy(tokenizer, folder, config.usablePositions());
                    }
                    CheckpointFiles.write(folder, config, tensors, progress);
                });
        return parameters;
    }

    private static void fill(
            String name,
            TensorInfo info,
            LongformerConfig config,
            long key,
            Consumer<MemorySegment> sink) {
        boolean norm = name.endsWith("LayerNorm.weight") || name.endsWith("layer_norm.weight");
        boolean table =
                name.equals(ModelTensors.WORDS) || name.endsWith("position_embeddings.weight");
        long width = info.shape().getLast();
        long padFrom = table ? config.ids().pad() * width : -1;
        MemorySegment piece =
                MemorySegment.ofArray(new byte[(int) (4 * Math.min(PIECE, info.elements()))]);
        NormalDraw normal = new NormalDraw(key);
        for (long at = 0; at < info.elements(); at += PIECE) {
            int count = (int) Math.min(PIECE, info.elements() - at);
            for (int i = 0; i < count; i++) {
                long index = at + i;
                boolean pad = table && index >= padFrom && index < padFrom + width;
                double value =
                        norm
                                ? 1
                                : name.endsWith(".bias") || pad
                                        ? 0
                                        : normal.at(index) * config.initializerRange();
                piece.setAtIndex(FLOAT, i, (float) value);
            }
            sink.accept(piece.asSlice(0, 4L * count));
        }
    }
}
