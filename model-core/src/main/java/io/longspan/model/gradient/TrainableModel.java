package io.longspan.model.gradient;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.EncoderPass;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.encoder.TrainingKernels;
import io.longspan.model.head.Labels;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model with a head in memory whose weights gather gradients. Runs on the CPU in float32, for one
 * thread at a time; whoever opened it closes it.
 */
public final class TrainableModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainableModel.class);
    private static final String ENGINE = "PyTorch";

    private final NDManager manager;
    private final LongformerConfig config;
    private final List<Parameter> parameters;
    private final LongformerEncoder encoder;
    private final TrainingKernels kernels;
    private final TaskSetup setup;
    private final HeadLoss head;
    private int lowest = EncoderPass.EMBEDDINGS;

    private TrainableModel(
            NDManager manager,
            LongformerConfig config,
            @Nullable DropoutRates dropout,
            TensorNames names,
            TrainingKernels kernels,
            Progress progress) {
        this.kernels = kernels;
        this.manager = manager;
        this.config = config;
        LoadedWeights weights = new LoadedWeights(names, manager, progress);
        LongformerConfig dropping =
                dropout == null
                        ? config
                        : config.toBuilder().dropout(dropout.hidden(), dropout.attention()).build();
        encoder = new LongformerEncoder(weights, dropping, kernels);
        TaskHead found = TaskHead.of(weights, dropping, names).orElseThrow();
        setup = TaskSetup.of(config, found.task(), found.classes());
        parameters =
                names.canonical().stream()
                        .filter(name ->
                                !name.equals(ModelTensors.DECODER) || name.equals(names.decoder()))
                        .map(name -> new Parameter(name, names.fileName(name), weights.get(name)))
                        .toList();
        kernels.keepUnlessTold(
                Float.BYTES * parameters.stream().mapToLong(Parameter::elements).sum());
        head =
                found instanceof MaskedLmHead words
                        ? new VocabularyLoss(
                                words,
                                new DecoderLoss(
                                        parameter(names.decoder()),
                                        parameter("lm_head.bias"),
                                        kernels.products().orElse(null)))
                        : new ScoreLoss(found);
    }

    /**
     * Loads a model; its task is inferred from its tensors.
     *
     * @param folder in Hugging Face's layout
     * @throws ModelInputException when it cannot be read or has no head
     */
    public static TrainableModel open(Path folder, Progress progress) {
        return open(folder, null, null, progress);
    }

    /**
     * Loads a model, which may train with other rates of dropout than its configuration gives; the
     * configuration stays what it is.
     *
     * @param folder in Hugging Face's layout
     * @param task to load it for, or null to infer it from its tensors
     * @param dropout the rates, or null for the configuration's
     * @throws ModelInputException when it cannot be read or has no head
     */
    public static TrainableModel open(
            Path folder, @Nullable Task task, @Nullable DropoutRates dropout, Progress progress) {
        return open(folder, task, dropout, TrainingKernels.open(), progress);
    }

    /**
     * The same with a choice of what layers are trained with.
     *
     * @param kernels become the model's to close, also when it cannot be opened
     */
    public static TrainableModel open(
            Path folder,
            @Nullable Task task,
            @Nullable DropoutRates dropout,
            TrainingKernels kernels,
            Progress progress) {
        try {
            return opened(folder, task, dropout, kernels, progress);
        } catch (RuntimeException | Error e) {
            kernels.close();
            throw e;
        }
    }

    private static TrainableModel opened(
            Path folder,
            @Nullable Task task,
            @Nullable DropoutRates dropout,
            TrainingKernels kernels,
            Progress progress) {
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            TensorNames names = task == null ? checkpoint.names() : checkpoint.names(task);
            if (names.task() == Task.ENCODER) {
                throw new ModelInputException(
                        "'"
                                + folder
                                + "' is an encoder checkpoint, which has no loss to train; name one with a head, such as an lm_head");
            }
            names.ignoredTwins().forEach(LOG::warn);
            NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE);
            try {
                TrainableModel model =
                        new TrainableModel(
                                manager, checkpoint.config(), dropout, names, kernels, progress);
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

    /** What a batch needs to know of the model. */
    public TaskSetup setup() {
        return setup;
    }

    /** Every weight, in alphabetical order of the canonical names. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /**
     * From now on only these weights gather gradients, each the same bits as if all did. Of the
     * others none is computed, and the way back ends at the lowest layer that has one of these; the
     * layers below are neither recorded nor kept.
     *
     * @param trained of {@link #parameters}, at least one
     */
    public void trainOnly(Collection<Parameter> trained) {
        Set<Parameter> wanted = Set.copyOf(trained);
        parameters.forEach(parameter -> parameter.setTrained(wanted.contains(parameter)));
        lowest = wanted.stream().mapToInt(this::layer).min().orElseThrow();
    }

    /** The layer of a weight; that of a head is above all others. */
    private int layer(Parameter parameter) {
        String name = parameter.name();
        if (name.startsWith("embeddings.")) {
            return EncoderPass.EMBEDDINGS;
        }
        String layer = "encoder.layer.";
        return name.startsWith(layer)
                ? Integer.parseInt(
                        name.substring(layer.length(), name.indexOf('.', layer.length())))
                : config.layers();
    }

    /**
     * Why the engine differentiates the layers of every batch with a backend, which takes longer;
     * nothing where their way back is written out.
     */
    public Optional<String> engineOnly(AttentionBackend attention) {
        return kernels.fallback()
                .or(() ->
                        attention instanceof ComposedBackend
                                ? Optional.of(
                                        "the attention backend is composed of array operations")
                                : Optional.empty());
    }

    /**
     * What computes the layers of a batch with a backend. Numbers depend on it to rounding, so a
     * run that is to be the same bit for bit goes on with the same.
     */
    public String computedBy(AttentionBackend attention) {
        return engineOnly(attention).isPresent() ? TrainingKernels.ENGINE : kernels.name();
    }

    /** Arrays of the engine that the model holds right now, for tests of leaks. */
    public int liveArrays() {
        return manager.getManagedArrays().size();
    }

    /**
     * The loss of a batch.
     *
     * @return sum over the terms of the labels: divided by {@link Labels#terms()} it is the mean
     *     that Hugging Face gives
     * @throws ModelInputException when labels are of another task or out of range, naming the row
     */
    public double loss(LabelledBatch batch, AttentionBackend attention) {
        check(batch);
        try (Autograd.Mode _ = Autograd.paused();
                NDManager scope = manager.newSubManager()) {
            NDArray hidden = encoder.forward(batch.tokens(), attention, scope); // [T, N]
            return head.loss(head.reached(hidden, batch, null, scope), batch);
        }
    }

    /**
     * The scores of a batch, for metrics.
     *
     * @return [R, K] of the rows of the labels, row after row
     * @throws ModelInputException when labels are of another task or out of range, naming the row
     * @throws IllegalStateException when the model guesses masked tokens: there are too many scores
     */
    public float[] scores(LabelledBatch batch, AttentionBackend attention) {
        if (!(head instanceof ScoreLoss)) {
            throw new IllegalStateException("a " + setup.task().key() + " model has no few scores");
        }
        check(batch);
        try (Autograd.Mode _ = Autograd.paused();
                NDManager scope = manager.newSubManager()) {
            NDArray hidden = encoder.forward(batch.tokens(), attention, scope); // [T, N]
            return TensorBridge.floats(head.reached(hidden, batch, null, scope)); // [R, K]
        }
    }

    /**
     * The loss of a batch; its gradients are added to those that the weights have.
     *
     * @param attention of either kind; stays the caller's
     * @param weight factor on the sum before gradients are taken, such as one over all terms of a
     *     step
     * @return sum over the terms of the labels, unweighted
     * @throws UnsupportedWorkloadException when the backend cannot do what the batch asks
     * @throws ModelInputException when labels are of another task or out of range, naming the row
     */
    public double lossAndGradients(LabelledBatch batch, AttentionBackend attention, float weight) {
        return lossAndGradients(batch, attention, weight, Activations.KEPT);
    }

    /**
     * The same, with a choice between memory and time.
     *
     * @param activations what is remembered of the way forward
     */
    public double lossAndGradients(
            LabelledBatch batch,
            AttentionBackend attention,
            float weight,
            Activations activations) {
        return lossAndGradients(batch, attention, weight, activations, null);
    }

    /**
     * The same with dropout at the rates that the model was opened with, in encoder and head; the
     * heads of masked language modelling and question answering drop nothing.
     *
     * @param dropout the randomness of the batch, or null for none
     */
    public double lossAndGradients(
            LabelledBatch batch,
            AttentionBackend attention,
            float weight,
            Activations activations,
            @Nullable DropoutDraw dropout) {
        check(batch);
        double sum;
        try (NDManager scope = manager.newSubManager();
                EncoderPass pass =
                        encoder.pass(
                                batch.tokens(), attention, activations, dropout, lowest, scope)) {
            sum = goBack(pass.output(), batch, weight, dropout, scope);
            pass.backward();
        }
        completeGlobals(batch.tokens().layout().mostGlobals() > 0);
        return sum;
    }

    /** Every gradient becomes zero; weights that had none still have none. */
    public void zeroGradients() {
        for (Parameter parameter : parameters) {
            parameter.gradient().ifPresent(gradient -> gradient.fill((byte) 0));
        }
    }

    /** The tensors of a checkpoint under the names that transformers gives them, as F32. */
    public List<OutgoingTensor> tensors() {
        return parameters.stream()
                .map(parameter ->
                        OutgoingTensor.of(
                                new TensorInfo(
                                        HuggingFaceNames.fileName(
                                                config.modelType(), setup.task(), parameter.name()),
                                        DType.F32,
                                        parameter.shape()),
                                parameter.values()))
                .toList();
    }

    @Override
    public void close() {
        try (manager) {
            kernels.close();
        }
    }

    /** Records the way to the loss, reads it and goes back to what it was made of. */
    private double goBack(
            NDArray hidden,
            LabelledBatch batch,
            float weight,
            @Nullable DropoutDraw dropout,
            NDManager scope) {
        NDArray reached; // [R, N] or [R, K]
        try (Autograd.Mode _ = Autograd.recording()) {
            reached = head.reached(hidden, batch, dropout, scope);
        }
        try (Autograd.Mode _ = Autograd.paused();
                reached;
                NDArray gradient = scope.zeros(reached.getShape())) { // as reached
            double sum = head.lossAndGradient(reached, batch, weight, gradient);
            Autograd.backward(reached, gradient);
            return sum;
        }
    }

    private void check(LabelledBatch batch) {
        if (batch.labels().terms() == 0) {
            throw new ModelInputException(
                    "the batch has no label; a loss needs at least one that is not -100");
        }
        batch.labels().check(setup, batch.tokens().layout());
    }

    /**
     * The bias of the global keys shifts all scores of a row alike: its gradient is zero. The
     * engine never meets it where the projection is folded away, and finds rounding errors where it
     * is not.
     *
     * @param met whether the batch has global tokens
     */
    private void completeGlobals(boolean met) {
        for (int layer = 0; layer < config.layers() && config.hasGlobalAttention(); layer++) {
            Parameter bias =
                    parameter("encoder.layer." + layer + ".attention.self.key_global.bias");
            if (bias.trained() && (met || bias.gradientArray() != null)) {
                bias.requireGradient();
                bias.gradient().orElseThrow().fill((byte) 0);
            }
        }
    }

    private Parameter parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the model has no parameter '" + name + "'"));
    }
}
