package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EncoderPassTest {
    private static final int TOKENS = 48;
    private static final int HIDDEN = 16;
    private static final long STATE = 4L * TOKENS * HIDDEN;

    @TempDir Path folder;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private SpyKernel spy;

    @BeforeEach
    void openKernel() {
        spy = new SpyKernel((KernelBackend) Backends.of("fused"));
    }

    @AfterEach
    void closeAll() {
        spy.close();
        manager.close();
    }

    @ParameterizedTest
    @EnumSource(Activations.class)
    void savedStateIsUsedOnceAndClosed(Activations activations) {
        Model model = model(3);
        try (NDManager scope = manager.newSubManager()) {
            try (EncoderPass pass = model.pass(spy, activations, scope)) {
                assertThat(spy.open()).isEqualTo(activations == Activations.KEPT ? 3 : 0);
                goBack(pass);
                assertThat(spy.open()).isZero();
                assertThat(spy.openPlans).isEqualTo(1);
                assertThatThrownBy(pass::backward).isInstanceOf(IllegalStateException.class);
            }
            assertThat(spy.saved).hasSize(3).allMatch(state -> state.used == 1);
            assertThat(spy.saved).allMatch(state -> state.closed == 1);
            assertThat(spy.openPlans).isZero();
            assertThat(spy.plans).hasSize(1).allMatch(Workload::training);
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Activations.class)
    void everythingIsClosedWhenBackwardThrows(Activations activations) {
        Model model = model(3);
        spy.failingBackward = 1;
        try (NDManager scope = manager.newSubManager()) {
            assertThatThrownBy(
                            () -> {
                                try (EncoderPass pass = model.pass(spy, activations, scope)) {
                                    goBack(pass);
                                }
                            })
                    .hasMessage("no backward any more");
            assertThat(spy.saved).hasSize(activations == Activations.KEPT ? 3 : 2);
            assertThat(spy.saved).allMatch(state -> state.closed == 1 && state.used <= 1);
            assertThat(spy.openPlans).isZero();
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Activations.class)
    void everythingIsClosedWhenForwardThrows(Activations activations) {
        Model model = model(3);
        spy.failingForward = 2;
        try (NDManager scope = manager.newSubManager()) {
            assertThatThrownBy(
                            () -> {
                                try (EncoderPass pass = model.pass(spy, activations, scope)) {
                                    goBack(pass);
                                }
                            })
                    .hasMessage("no forward any more");
            assertThat(spy.saved).hasSize(2).allMatch(state -> state.closed == 1);
            assertThat(spy.openPlans).isZero();
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"KEPT, -1, 3", "KEPT, 0, 3", "KEPT, 2, 1", "KEPT, 3, 0", "RECOMPUTED, 2, 1"})
    void theWayBackEndsAtTheLowestLayer(Activations activations, int lowest, int backwards) {
        Model model = model(3);
        try (NDManager scope = manager.newSubManager()) {
            float[] output;
            try (EncoderPass pass = model.pass(spy, activations, scope)) {
                output = pass.output().toFloatArray();
            }
            spy.saved.clear();
            try (EncoderPass pass = model.pass(spy, activations, lowest, scope)) {
                assertThat(pass.output().toFloatArray()).isEqualTo(output);
                goBack(pass);
            }
            assertThat(spy.saved).hasSize(backwards);
            assertThat(spy.saved).allMatch(state -> state.used == 1 && state.closed == 1);
            assertThat(spy.openPlans).isZero();
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @Test
    void aPassThatIsNotGoneBackThroughIsClosedAsWell() {
        Model model = model(2);
        try (NDManager scope = manager.newSubManager()) {
            model.pass(spy, Activations.KEPT, scope).close();
            assertThat(spy.saved).hasSize(2).allMatch(state -> state.closed == 1);
            assertThat(spy.saved).allMatch(state -> state.used == 0);
            assertThat(LiveBytes.of(scope)).isZero();
        }
    }

    @Test
    void recomputedLayersHoldNoMoreThanTheirInputs() {
        long two = mostBytes(2, Activations.RECOMPUTED);
        long six = mostBytes(6, Activations.RECOMPUTED);
        assertThat(six - two).isBetween(1L, 4 * STATE);
        long kept = mostBytes(6, Activations.KEPT) - mostBytes(2, Activations.KEPT);
        assertThat(kept).isGreaterThan(4 * 4 * STATE);
    }

    /** The most bytes that were live at any call of the kernel, forwards or backwards. */
    private long mostBytes(int layers, Activations activations) {
        Model model = model(layers);
        long[] most = new long[1];
        try (NDManager scope = manager.newSubManager()) {
            spy.onCall = () -> most[0] = Math.max(most[0], LiveBytes.of(scope));
            try (EncoderPass pass = model.pass(spy, activations, scope)) {
                goBack(pass);
            }
        }
        return most[0];
    }

    /** From the sum of the last hidden states' squares. */
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
            return pass(attention, activations, EncoderPass.EMBEDDINGS, scope);
        }

        EncoderPass pass(
                AttentionBackend attention, Activations activations, int lowest, NDManager scope) {
            long[] ids = new long[TOKENS];
            for (int t = 0; t < TOKENS; t++) {
                ids[t] = 5 + 7L * t % 90;
            }
            SequenceLayout layout = SequenceLayout.allLocal(30, 18).withGlobals(0, 33);
            return encoder.pass(
                    TokenBatch.of(config, ids, layout),
                    attention,
                    activations,
                    null,
                    lowest,
                    scope);
        }
    }

    private Model model(int layers) {
        LongformerConfig config =
                new LongformerConfigBuilder(ModelType.LONGFORMER)
                        .vocabSize(97)
                        .hiddenSize(HIDDEN)
                        .layers(layers)
                        .heads(2)
                        .intermediateSize(32)
                        .maxPositionEmbeddings(66)
                        .window(8)
                        .build();
        Path checkpoint = folder.resolve("model-" + layers + "-" + System.nanoTime());
        RandomCheckpoint.write(config, 7, checkpoint, null, Progress.none());
        try (Checkpoint opened = CheckpointFiles.open(checkpoint)) {
            TensorNames names = opened.names();
            LoadedWeights weights = new LoadedWeights(names, manager, Progress.none());
            names.canonical().forEach(name -> weights.get(name).setRequiresGradient(true));
            return new Model(config, new LongformerEncoder(weights, config));
        }
    }
}
