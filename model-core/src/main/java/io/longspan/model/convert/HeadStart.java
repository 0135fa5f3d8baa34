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
 * The model with which fine-tuning begins, made of any checkpoint: its encoder, its head or a fresh
 * one (weights normal with the configuration's deviation, biases 0), and where it is asked for the
 * global projections as copies of the local ones, which masked language modelling does not train.
 */
public final class HeadStart {
    private static final int PURPOSE = 5;

    private HeadStart() {}

    /**
     * The head that is wanted.
     *
     * @param task of the head
     * @param labels names of its classes, one for a number; empty where it has none
     * @param problem of a sequence classifier, null for other tasks
     */
    public record Wanted(Task task, List<String> labels, @Nullable ProblemType problem) {
        /** Copies the list. */
        public Wanted {
            labels = List.copyOf(labels);
        }
    }

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
     * @param seed of a fresh head
     * @param keepHead whether a head of the task that is there stays
     * @param copyGlobals whether the global projections become the local ones
     * @param globals rule for global tokens that the model is used with from now on; null for the
     *     checkpoint's, or else its task's
     * @throws ModelInputException when a head that is to stay has another number of classes
     */
    public static Report write(
            Checkpoint from,
            Wanted head,
            long seed,
            boolean keepHead,
            boolean copyGlobals,
            @Nullable GlobalPolicy globals,
            Path to) {
        TensorNames names = from.names();
        Task task = head.task();
        boolean keeps = keepHead && names.task() == task;
        LongformerConfig config = config(from.config(), head, globals);
        Map<String, String> sources = copyGlobals ? locals(config) : Map.of();
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (ExpectedTensor wanted : ModelTensors.of(config, task, head.labels().size())) {
            if (!wanted.required()) {
                continue;
            }
            String name = wanted.name();
            String fileName = HuggingFaceNames.fileName(config.modelType(), task, name);
            boolean ofHead = name.startsWith("classifier.") || name.startsWith("qa_outputs.");
            boolean missing = name.startsWith("pooler.") && !names.canonical().contains(name);
            if ((ofHead && !keeps) || missing) {
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
                                + head.labels().size()
                                + " classes ask for "
                                + wanted.shape()
                                + "; begin with a fresh head");
            }
            tensors.add(copy);
        }
        CheckpointFiles.write(to, config, tensors, Progress.none());
        return new Report(!keeps, sources.size());
    }

    private static LongformerConfig config(
            LongformerConfig from, Wanted head, @Nullable GlobalPolicy globals) {
        return from.toBuilder()
                .architectures(List.of(head.task().architecture(from.modelType())))
                .labels(head.labels())
                .problemType(head.problem() == null ? null : head.problem().key())
                .inputFormat(
                        globals == null ? from.inputFormat() : from.inputFormat().with(globals))
                .build();
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
