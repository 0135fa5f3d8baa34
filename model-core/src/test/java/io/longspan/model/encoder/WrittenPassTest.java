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
import io.longspan.model.tensor.Autograd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WrittenPassTest {
    private static final int TOKENS = 48;

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

    private static void goBack(EncoderPass pass) {
        try (Autograd.Mode _ = Autograd.recording();
                NDArray loss = pass.output().square().sum();
                NDArray one = loss.onesLike()) {
            Autograd.backward(loss, one);
        }
        pass.backward();
    }

    private record Model(LongformerConfig config, LongformerEncoder encoder) {
        EncoderPass pass(AttentionBackend attention, Activations activations, NDManager scope) {
            long[] ids = new long[TOKENS];
            for (int t = 0; t < TOKENS; t++) {
                ids[t] = 5 + 7L * t % 90;
            }
            byte[] roles = SequenceLayout.allLocal(30, 18).roles();
            roles[7] = TokenRole.MASKED.code();
            SequenceLayout layout = SequenceLayout.of(new int[] {0, 30, 48}, roles);
            if (config.hasGlobalAttention()) {
                layout = layout.withGlobals(0, 33);
            }
            TokenBatch batch = TokenBatch.of(config, ids, layout);
            return encoder.pass(batch, attention, activations, scope);
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
                        .maxPositionEmbeddings(66);
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
            return new Model(config, new LongformerEncoder(weights, config, with));
        }
    }
}
