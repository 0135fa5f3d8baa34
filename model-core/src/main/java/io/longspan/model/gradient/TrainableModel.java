package io.longspan.model.gradient;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import io.longspan.model.encoder.MaskedLmHead;
import io.longspan.model.encoder.Rows;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.tensor.Autograd;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A masked language model in memory whose weights gather gradients. Runs on the CPU in float32, for
 * one thread at a time; whoever opened it closes it.
 */
public final class TrainableModel implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    private final NDManager manager;
    private final LongformerConfig config;
    private final List<Parameter> parameters;
    private final LongformerEncoder encoder;
    private final MaskedLmHead head;
    private final DecoderLoss decoder;

    private TrainableModel(
            NDManager manager,
            LongformerConfig config,
            @Nullable DropoutRates dropout,
            TensorNames names,
            Progress progress) {
        this.manager = manager;
        this.config = config;
        LoadedWeights weights = new LoadedWeights(names, manager, progress);
        encoder =
                new LongformerEncoder(
                        weights,
                        dropout == null
                                ? config
                                : config.toBuilder()
                                        .dropout(dropout.hidden(), dropout.attention())
                                        .build());
        head = new MaskedLmHead(weights, config, names.decoder());
        parameters =
                names.canonical().stream()
                        .filter(name ->
                                !name.equals(ModelTensors.DECODER) || name.equals(names.decoder()))
                        .map(name -> new Parameter(name, names.fileName(name), weights.get(name)))
                        .toList();
        decoder = new DecoderLoss(parameter(names.decoder()), parameter("lm_head.bias"));
    }

    /**
     * Loads a masked language model.
     *
     * @param folder in Hugging Face's layout
     * @throws ModelInputException when it cannot be read or has another head
     */
    public static TrainableModel open(Path folder, Progress progress) {
        return open(folder, null, progress);
    }

    /**
     * Loads a masked language model that trains with other rates of dropout than its configuration
     * gives; the configuration stays what it is.
     *
     * @param dropout the rates, or null for the configuration's
     */
    public static TrainableModel open(
            Path folder, @Nullable DropoutRates dropout, Progress progress) {
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            TensorNames names = checkpoint.names();
            if (names.task() != Task.MASKED_LM) {
                throw new ModelInputException(
                        "'"
                                + folder
                                + "' is a "
                                + names.task().key()
                                + " checkpoint; only masked-lm ones can be trained in this version, so name one with an lm_head");
            }
            NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE);
            try {
                TrainableModel model =
                        new TrainableModel(manager, checkpoint.config(), dropout, names, progress);
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

    /** Every weight, in alphabetical order of the canonical names. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Arrays of the engine that the model holds right now, for tests of leaks. */
    public int liveArrays() {
        return manager.getManagedArrays().size();
    }

    /**
     * The loss of a batch.
     *
     * @return sum of the cross-entropy over the tokens to be guessed, natural log
     */
    public double loss(MaskedBatch batch, AttentionBackend attention) {
        try (Autograd.Mode _ = Autograd.paused();
                NDManager scope = manager.newSubManager()) {
            return decoder.loss(features(batch, attention, scope), batch.labels());
        }
    }

    /**
     * The loss of a batch; its gradients are added to those that the weights have.
     *
     * @param attention of either kind; stays the caller's
     * @param weight factor on the sum before gradients are taken, such as one over the tokens to be
     *     guessed in a step
     * @return sum of the cross-entropy over the tokens to be guessed, natural log, unweighted
     * @throws UnsupportedWorkloadException when the backend cannot do what the batch asks
     */
    public double lossAndGradients(MaskedBatch batch, AttentionBackend attention, float weight) {
        return lossAndGradients(batch, attention, weight, Activations.KEPT);
    }

    /**
     * The same, with a choice between memory and time.
     *
     * @param activations what is remembered of the way forward
     */
    public double lossAndGradients(
            MaskedBatch batch, AttentionBackend attention, float weight, Activations activations) {
        return lossAndGradients(batch, attention, weight, activations, null);
    }

    /**
     * The same with dropout.
     *
     * @param dropout the randomness of the batch, or null for none
     */
    public double lossAndGradients(
            MaskedBatch batch,
            AttentionBackend attention,
            float weight,
            Activations activations,
            @Nullable DropoutDraw dropout) {
        double sum;
        try (NDManager scope = manager.newSubManager()) {
            if (attention instanceof ComposedBackend
                    && activations == Activations.KEPT
                    && dropout == null) {
                sum = decode(() -> features(batch, attention, scope), batch, weight, scope);
            } else {
                try (EncoderPass pass =
                        encoder.pass(batch.tokens(), attention, activations, dropout, scope)) {
                    sum = decode(() -> features(pass.output(), batch, scope), batch, weight, scope);
                    pass.backward();
                }
            }
        }
        completeGlobals();
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
                                                config.modelType(),
                                                Task.MASKED_LM,
                                                parameter.name()),
                                        DType.F32,
                                        parameter.shape()),
                                parameter.values()))
                .toList();
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Records the features, reads the loss off them and goes back to what they were made of. */
    private double decode(
            Supplier<NDArray> recorded, MaskedBatch batch, float weight, NDManager scope) {
        NDArray features; // [R, N]
        try (Autograd.Mode _ = Autograd.recording()) {
            features = recorded.get();
        }
        try (Autograd.Mode _ = Autograd.paused();
                features;
                NDArray gradient = scope.create(features.getShape(), DataType.FLOAT32)) { // [R, N]
            double sum = decoder.lossAndGradients(features, batch.labels(), weight, gradient);
            Autograd.backward(features, gradient);
            return sum;
        }
    }

    private NDArray features(MaskedBatch batch, AttentionBackend attention, NDManager scope) {
        NDArray hidden = encoder.forward(batch.tokens(), attention, scope); // [T, N]
        return features(hidden, batch, scope);
    }

    private NDArray features(NDArray hidden, MaskedBatch batch, NDManager scope) {
        try (NDArray index = Rows.index(scope, batch.rows());
                NDArray rows = Rows.pick(hidden, index)) { // [R, N]
            NDArray features = head.features(rows); // [R, N]
            features.attach(scope);
            return features;
        }
    }

    /**
     * The bias of the global keys shifts all scores of a row alike: its gradient is zero, and the
     * engine never meets it where the projection is folded away.
     */
    private void completeGlobals() {
        for (int layer = 0; layer < config.layers() && config.hasGlobalAttention(); layer++) {
            String key = "encoder.layer." + layer + ".attention.self.key_global.";
            if (parameter(key + "weight").gradientArray() != null) {
                parameter(key + "bias").requireGradient();
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
