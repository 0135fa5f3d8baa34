package io.longspan.model.infer;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import java.util.Objects;
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
    private final ModelLinears linears;
    private final ComputeCrew crew;
    private final @Nullable ComputeCrew ownCrew;

    private LongformerModel(
            NDManager manager,
            LongformerConfig config,
            TensorNames names,
            ModelOptions options,
            Progress progress) {
        this.manager = manager;
        this.config = config;
        task = names.task();
        ComputeCrew given = options.crew();
        ownCrew = given == null ? ComputeCrew.ofProcessors() : null;
        crew = given == null ? Objects.requireNonNull(ownCrew) : given;
        linears = ModelLinears.of(names, manager, options, crew, progress);
        try {
            encoder = new LongformerEncoder(linears.weights(), config, options.savings(), crew);
            head = TaskHead.of(linears.weights(), config, names);
            linears.finish(options);
        } catch (RuntimeException | Error e) {
            closeParts();
            throw e;
        }
    }

    /**
     * Loads a checkpoint for the task that its tensors say.
     *
     * @param folder in Hugging Face's layout
     * @throws io.longspan.model.ModelInputException naming what is missing or wrong
     */
    public static LongformerModel open(Path folder, Progress progress) {
        return open(folder, ModelOptions.defaults(), progress);
    }

    /** The same, with more to choose. */
    public static LongformerModel open(Path folder, ModelOptions options, Progress progress) {
        Task task = options.task();
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
                        new LongformerModel(manager, checkpoint.config(), names, options, progress);
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

    /** What the products of the linear layers are made of. */
    public LinearPrecision precision() {
        return linears.precision();
    }

    /** Library and instructions that compute the linear layers, for reports. */
    public String linearKernel() {
        return linears.kernel();
    }

    /**
     * The threads that the model computes on, to make its attention backend with; stay their
     * owner's. Work of libtorch beside the model's own takes a turn of it.
     */
    public ComputeCrew crew() {
        return crew;
    }

    /** Why linear layers do not run packed as they were to, if they do not. */
    public Optional<String> linearFallback() {
        return linears.fallback();
    }

    @Override
    public void close() {
        try (manager) {
            closeParts();
        }
    }

    private void closeParts() {
        linears.close();
        if (ownCrew != null) {
            ownCrew.close();
        }
    }
}
