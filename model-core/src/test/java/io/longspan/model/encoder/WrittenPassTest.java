package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.infer.MemoryEstimate;
import io.longspan.model.tensor.Autograd;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class WrittenPassTest {
    @TempDir Path folder;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TrainingKernels kernels = TrainingKernels.open();
    private SpyKernel spy;

    @BeforeEach
    void openKernel() {
        spy = new SpyKernel((KernelBackend) Backends.of("fused"));
    }

    @AfterEach
    void closeAll() {
        spy.close();
        kernels.close();
        manager.close();
    }

    @ParameterizedTest
    @EnumSource(Activations.class)
    void savedStateIsUsedOnceAndClosed(Activations activations) {
        Model model = model(ModelType.LONGFORMER, kernels);
        try (NDManager scope = manager.newSubManager()) {
            try (EncoderPass pass = model.pass(spy, activations, scope)) {
                assertThat(pass).isInstanceOf(WrittenPass.class);
                assertThat(spy.open()).isEqualTo(3);
                goBack(pass);
                assertThat(spy.open()).isZero();
                assertThatThrownBy(pass::backward).isInstanceOf(IllegalStateException.class);
            }
            assertThat(spy.saved).hasSize(3).allMatch(state -> state.used == 1);
            assertThat(spy.saved).allMatch(state -> state.closed == 1);
            assertThat(spy.openPlans).isZero();
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @Test
    void everythingIsClosedWhenAWayThrows() {
        Model model = model(ModelType.LONGFORMER, kernels);
        try (NDManager scope = manager.newSubManager()) {
            spy.failingForward = 2;
            assertThatThrownBy(() -> model.pass(spy, Activations.KEPT, scope))
                    .hasMessage("no forward any more");
            spy.failingForward = -1;
            spy.failingBackward = 1;
            assertThatThrownBy(
                            () -> {
                                try (EncoderPass pass = model.pass(spy, Activations.KEPT, scope)) {
                                    goBack(pass);
                                }
                            })
                    .hasMessage("no backward any more");
            assertThat(spy.saved).allMatch(state -> state.closed == 1 && state.used <= 1);
            assertThat(spy.openPlans).isZero();
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @Test
    void passesAtTheSameTimeHaveMemoryOfTheirOwn() {
        Model model = model(ModelType.LONGFORMER, kernels);
        try (NDManager scope = manager.newSubManager();
                EncoderPass one = model.pass(spy, Activations.KEPT, scope)) {
            float[] output = one.output().toFloatArray();
            try (EncoderPass other = model.pass(spy, Activations.KEPT, scope)) {
                assertThat(other.output().toFloatArray()).isEqualTo(output);
                goBack(other);
            }
            goBack(one);
        }
    }

    @Test
    void theEngineHasWhatIsNotWrittenOut() {
        Model longformer = model(ModelType.LONGFORMER, kernels);
        Model roberta = model(ModelType.ROBERTA, kernels);
        Model engine = model(ModelType.LONGFORMER, TrainingKernels.engineOnly("for a test"));
        try (NDManager scope = manager.newSubManager();
                AttentionBackend chunks = Backends.of("chunks");
                EncoderPass composed = longformer.pass(chunks, Activations.KEPT, scope);
                EncoderPass masked = roberta.pass(spy, Activations.KEPT, scope);
                EncoderPass chosen = engine.pass(spy, Activations.KEPT, scope)) {
            assertThat(composed).isInstanceOf(EnginePass.class);
            assertThat(masked).isInstanceOf(EnginePass.class);
            assertThat(chosen).isInstanceOf(EnginePass.class);
        }
    }

    /** A pass that threw leaves its memory to one of another size. */
    @Test
    void memoryIsUsedAgainByBatchesOfEverySize() {
        Model model = model(ModelType.LONGFORMER, kernels);
        float[] expected = gradient(model, 40);
        gradient(model, 60);
        assertThat(gradient(model, 40)).isEqualTo(expected);
        try (NDManager scope = manager.newSubManager()) {
            spy.failingForward = spy.saved.size() + 1;
            assertThatThrownBy(() -> model.pass(spy, Activations.KEPT, 64, 0, scope))
                    .hasMessage("no forward any more");
        }
        spy.failingForward = -1;
        long bytes = kernels.idleBytes();
        assertThat(gradient(model, 40)).isEqualTo(expected);
        assertThat(kernels.idleBytes()).isEqualTo(bytes);
    }

    private float[] gradient(Model model, int tokens) {
        try (NDManager scope = manager.newSubManager();
                EncoderPass pass = model.pass(spy, Activations.RECOMPUTED, tokens, 0, scope)) {
            model.zero();
            goBack(pass);
            return model.gradient();
        }
    }

    @Test
    void closingTwiceIsHarmlessAndNothingIsKeptAfterTheKernelsAreClosed() {
        TrainingKernels own = TrainingKernels.open();
        Model model = model(ModelType.LONGFORMER, own);
        try (NDManager scope = manager.newSubManager()) {
            EncoderPass one = model.pass(spy, Activations.KEPT, scope);
            EncoderPass other = model.pass(spy, Activations.KEPT, scope);
            one.close();
            one.close();
            assertThat(own.idleBytes()).isPositive();
            own.close();
            other.close();
            assertThat(own.idleBytes()).isZero();
            assertThatThrownBy(one::output).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"KEPT, 0, 0", "RECOMPUTED, 0, 0", "RECOMPUTED, 0, 60000", "RECOMPUTED, 2, 60000"})
    void memoryIsWhatTheEstimateSays(Activations activations, int lowest, long kept) {
        Model model = model(ModelType.LONGFORMER, kernels);
        kernels.keep(kept);
        int tokens = 64;
        try (NDManager scope = manager.newSubManager();
                EncoderPass pass = model.pass(spy, activations, tokens, lowest, scope)) {
            goBack(pass);
        }
        MemoryEstimate estimate = MemoryEstimate.of(model.config(), 0, tokens);
        long all = activations == Activations.KEPT ? Long.MAX_VALUE : kept;
        double most = estimate.toTrainWritten(all);
        if (lowest == 0) {
            assertThat((double) kernels.idleBytes()).isBetween(0.75 * most, 1.1 * most);
        } else {
            assertThat((double) kernels.idleBytes()).isLessThan(most);
        }
    }

    private static void goBack(EncoderPass pass) {
        try (Autograd.Mode _ = Autograd.recording();
                NDArray loss = pass.output().square().sum();
                NDArray one = loss.onesLike()) {
            Autograd.backward(loss, one);
        }
        pass.backward();
    }

    private record Model(LongformerConfig config, LongformerEncoder encoder, NDArray weight) {
        EncoderPass pass(AttentionBackend attention, Activations activations, NDManager scope) {
            return pass(attention, activations, 48, EncoderPass.EMBEDDINGS, scope);
        }

        EncoderPass pass(
                AttentionBackend attention,
                Activations activations,
                int tokens,
                int lowest,
                NDManager scope) {
            long[] ids = new long[tokens];
            for (int t = 0; t < tokens; t++) {
                ids[t] = 5 + 7L * t % 90;
            }
            byte[] roles = SequenceLayout.allLocal(30, tokens - 30).roles();
            roles[7] = TokenRole.MASKED.code();
            SequenceLayout layout = SequenceLayout.of(new int[] {0, 30, tokens}, roles);
            if (config.hasGlobalAttention()) {
                layout = layout.withGlobals(0, 33);
            }
            TokenBatch batch = TokenBatch.of(config, ids, layout);
            return encoder.pass(batch, attention, activations, null, lowest, scope);
        }

        void zero() {
            Objects.requireNonNull(Autograd.gradientMemory(weight)).fill((byte) 0);
        }

        float[] gradient() {
            return Objects.requireNonNull(Autograd.gradientMemory(weight))
                    .toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private Model model(ModelType type, TrainingKernels with) {
        LongformerConfigBuilder builder =
                new LongformerConfigBuilder(type)
                        .vocabSize(97)
                        .hiddenSize(16)
                        .layers(3)
                        .heads(2)
                        .intermediateSize(32)
                        .maxPositionEmbeddings(70);
        if (type == ModelType.LONGFORMER) {
            builder.window(8);
        }
        LongformerConfig config = builder.build();
        Path checkpoint = folder.resolve("model-" + System.nanoTime());
        RandomCheckpoint.write(config, 7, checkpoint, null, Progress.none());
        try (Checkpoint opened = CheckpointFiles.open(checkpoint)) {
            TensorNames names = opened.names();
            LoadedWeights weights = new LoadedWeights(names, manager, Progress.none());
            names.canonical().forEach(name -> weights.get(name).setRequiresGradient(true));
            return new Model(
                    config,
                    new LongformerEncoder(weights, config, with),
                    weights.get("encoder.layer.0.attention.self.query.weight"));
        }
    }
}
