package io.longspan.model.infer;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.NonFinite;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TaskSetup;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint with its weights in memory, ready to run. Whoever opened it closes it. Running keeps
 * no state, so threads may share it as far as the attention backend allows.
 */
public final class LongformerModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LongformerModel.class);
    private static final String ENGINE = "PyTorch";

    private final NDManager manager;
    private final LongformerConfig config;
    private final Task task;
    private final LongformerEncoder encoder;
    private final Optional<TaskHead> head;

    private LongformerModel(
            NDManager manager,
            LongformerConfig config,
            TensorNames names,
            NonFinite nonFinite,
            ExactSavings savings,
            Progress progress) {
        this.manager = manager;
        this.config = config;
        task = names.task();
        LoadedWeights weights = new LoadedWeights(names, manager, nonFinite, progress);
        encoder = new LongformerEncoder(weights, config, savings);
        head = TaskHead.of(weights, config, names);
    }

    /**
     * Loads a checkpoint.
     *
     * @param folder in Hugging Face's layout
     * @param task to load it for, or null to infer it from its tensors
     * @throws io.longspan.model.ModelInputException naming what is missing or wrong
     */
    public static LongformerModel open(Path folder, @Nullable Task task, Progress progress) {
        return open(folder, task, NonFinite.REFUSE, progress);
    }

    /** The same, with a choice for weights that are NaN or infinite. */
    public static LongformerModel open(
            Path folder, @Nullable Task task, NonFinite nonFinite, Progress progress) {
        return open(folder, task, nonFinite, ExactSavings.all(), progress);
    }

    /**
     * The same, with a choice of what the encoder leaves out, for comparing.
     *
     * @param savings that are on
     */
    public static LongformerModel open(
            Path folder,
            @Nullable Task task,
            NonFinite nonFinite,
            ExactSavings savings,
            Progress progress) {
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            TensorNames names = task == null ? checkpoint.names() : checkpoint.names(task);
            names.ignoredTwins().forEach(LOG::warn);
            if (!names.unused().isEmpty() && task == null) {
                LOG.warn(
                        "'{}' holds tensors that a {} model does not use: {}",
                        folder,
                        names.task().key(),
                        names.unused());
            }
            NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE);
            try {
                LongformerModel model =
                        new LongformerModel(
                                manager, checkpoint.config(), names, nonFinite, savings, progress);
                manager = null;
                return model;
            } finally {
                if (manager != null) {
                    manager.close();
                }
            }
        }
    }

    /** What the model is. */
    public LongformerConfig config() {
        return config;
    }

    /** What its head does. */
    public Task task() {
        return task;
    }

    /** Embeddings and layers. */
    public LongformerEncoder encoder() {
        return encoder;
    }

    /** The head of a masked language model, if this is one. */
    public Optional<MaskedLmHead> maskedLmHead() {
        return head.filter(MaskedLmHead.class::isInstance).map(MaskedLmHead.class::cast);
    }

    /** The head; none of an encoder. */
    public Optional<TaskHead> head() {
        return head;
    }

    /** What a batch needs to know of the model. */
    public TaskSetup setup() {
        return TaskSetup.of(config, task, head.map(TaskHead::classes).orElse(0));
    }

    /**
     * A manager on the model's device for one caller's arrays; the caller closes it, before the
     * model is closed.
     */
    public NDManager newManager() {
        return manager.newSubManager();
    }

    @Override
    public void close() {
        manager.close();
    }
}
