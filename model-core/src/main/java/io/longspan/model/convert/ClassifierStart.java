package io.longspan.model.convert;

import io.longspan.attention.Philox;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.head.ProblemType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The model with which fine-tuning of sequence classification begins, made of any checkpoint: its
 * encoder, its classifier or a fresh one (weights normal with the configuration's deviation, biases
 * 0), and where it is asked for the global projections as copies of the local ones, which masked
 * language modelling does not train.
 */
public final class ClassifierStart {
    private static final int PURPOSE = 5;

    private ClassifierStart() {}

    /**
     * What was done.
     *
     * @param freshHead whether the head is random
     * @param copiedGlobals tensors that became copies of local ones
     */
    public record Report(boolean freshHead, int copiedGlobals) {}

    /**
     * Writes the model into a folder, without a tokenizer.
     *
     * @param from open; stays the caller's
     * @param labels names of the classes, one for a number
     * @param seed of a fresh head
     * @param keepHead whether a classifier that is there stays
     * @param copyGlobals whether the global projections become the local ones
     * @param globals rule for global tokens that the model is used with from now on; null for the
     *     checkpoint's, or else its task's
     * @throws ModelInputException when a head that is to stay has another number of classes
     */
    public static Report write(
            Checkpoint from,
            List<String> labels,
            ProblemType problem,
            long seed,
            boolean keepHead,
            boolean copyGlobals,
            @Nullable GlobalPolicy globals,
            Path to) {
        TensorNames names = from.names();
        boolean keeps = keepHead && names.task() == Task.SEQUENCE_CLASSIFICATION;
        LongformerConfig config =
                from.config().toBuilder()
                        .architectures(
                                List.of(
                                        Task.SEQUENCE_CLASSIFICATION.architecture(
                                                from.config().modelType())))
                        .labels(labels)
                        .problemType(problem.key())
                        .inputFormat(
                                globals == null
                                        ? from.config().inputFormat()
                                        : from.config().inputFormat().with(globals))
                        .build();
        Map<String, String> sources = copyGlobals ? locals(config) : Map.of();
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (ExpectedTensor wanted :
                ModelTensors.of(config, Task.SEQUENCE_CLASSIFICATION, labels.size())) {
            if (!wanted.required()) {
                continue;
            }
            String name = wanted.name();
            String fileName =
                    HuggingFaceNames.fileName(
                            config.modelType(), Task.SEQUENCE_CLASSIFICATION, name);
            if (name.startsWith("classifier.") && !keeps) {
                tensors.add(
                        fresh(
                                new TensorInfo(fileName, DType.F32, wanted.shape()),
                                name.endsWith(".bias") ? 0 : config.initializerRange(),
                                Philox.derive(seed, tensors.size(), PURPOSE)));
                continue;
            }
            OutgoingTensor copy =
                    OutgoingTensor.copyOf(names.get(sources.getOrDefault(name, name)), fileName);
            if (!copy.info().shape().equals(wanted.shape())) {
                throw new ModelInputException(
                        "tensor '"
                                + name
                                + "' of '"
                                + from.folder()
                                + "' has shape "
                                + copy.info().shape()
                                + " and "
                                + labels.size()
                                + " classes ask for "
                                + wanted.shape()
                                + "; begin with a fresh head");
            }
            tensors.add(copy);
        }
        CheckpointFiles.write(to, config, tensors, Progress.none());
        return new Report(!keeps, sources.size());
    }

    /** Names of local projections by those of the global ones. */
    private static Map<String, String> locals(LongformerConfig config) {
        Map<String, String> locals = new TreeMap<>();
        for (int layer = 0; layer < config.layers() && config.hasGlobalAttention(); layer++) {
            GlobalProjections.of(layer).forEach(pair -> locals.put(pair.global(), pair.local()));
        }
        return locals;
    }

    private static OutgoingTensor fresh(TensorInfo info, double deviation, long key) {
        NormalDraw normal = new NormalDraw(key);
        float[] values = new float[Math.toIntExact(info.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation == 0 ? 0 : (float) (normal.at(i) * deviation);
        }
        return OutgoingTensor.of(
                info.name(), values, info.shape().stream().mapToLong(Long::longValue).toArray());
    }
}
