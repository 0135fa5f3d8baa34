package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Global rows that are computed once more on the way back, against those that are recorded. */
final class GlobalRowsPassTest {
    private static final String NAME = "self";
    private static final int HEADS = 4;
    private static final int HEAD_SIZE = 4;
    private static final int HIDDEN = HEADS * HEAD_SIZE;
    private static final long SEED = 20261124;

    @TempDir Path folder;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void closeAll() {
        manager.close();
    }

    /** Two sequences: one with many globals, one with 2, which are folded unless all are many. */
    @ParameterizedTest(name = "{0} and {1} globals, causal {2}, dropout {3}")
    @CsvSource({
        "5,2,false,0",
        "70,2,false,0",
        "70,40,true,0",
        "40,0,false,0.2",
        "33,2,true,0.2",
        "3,2,false,0.2"
    })
    void gradientsAreThoseOfTheRecordedRows(
            int first, int second, boolean causal, float dropoutRate) {
        System.out.println("seed " + SEED);
        int[] globals =
                IntStream.concat(
                                IntStream.range(0, first).map(i -> i + i / 5),
                                IntStream.range(0, second).map(i -> 90 + i))
                        .toArray();
        byte[] roles = SequenceLayout.allLocal(90, 45).withGlobals(globals).roles();
        roles[89] = 0;
        roles[134] = 0;
        SequenceLayout layout = SequenceLayout.of(new int[] {0, 90, 135}, roles);
        AttentionDropout dropout =
                dropoutRate == 0 ? null : DropoutDraw.of(SEED, 3, 5, 6).attention(0);
        Random random = new Random(SEED);
        NDArray hidden = normal(random, layout.tokens());
        NDArray upstream = normal(random, globals.length);
        float[][] expected = new float[7][];
        float[][] actual = new float[7][];
        for (boolean recorded : new boolean[] {true, false}) {
            try (NDManager scope = manager.newSubManager()) {
                RandomWeights weights = weights(scope);
                GlobalRows rows =
                        new GlobalRows(
                                weights, NAME, pattern(causal, dropoutRate), HEAD_SIZE, true);
                NDArray read = Autograd.leaf(hidden.duplicate(), scope);
                if (recorded) {
                    try (Autograd.Mode _ = Autograd.recording()) {
                        Autograd.backward(rows.forward(read, layout, dropout), upstream);
                    }
                } else {
                    GlobalRowsPass pass = GlobalRowsPass.run(rows, read, layout, dropout);
                    try (Autograd.Mode _ = Autograd.recording()) {
                        NDArray same = pass.output().reshape(upstream.getShape());
                        Autograd.backward(same, upstream);
                    }
                    int before = scope.getManagedArrays().size();
                    pass.backward(scope);
                    assertThat(scope.getManagedArrays()).as("left behind").hasSize(before);
                }
                float[][] found = recorded ? expected : actual;
                found[0] = TensorBridge.floats(Autograd.gathered(read, scope));
                for (int i = 0; i < weights.names().size(); i++) {
                    String name = weights.names().get(i);
                    found[1 + i] =
                            Autograd.gradient(weights.get(name))
                                    .map(TensorBridge::floats)
                                    .orElse(new float[0]);
                }
            }
        }
        for (int i = 0; i < expected.length; i++) {
            close(i, actual[i], expected[i]);
        }
    }

    /**
     * What a step holds when it has gone forwards, with 64 globals and with 1024. The engine would
     * keep the probabilities of all rows, 16 MiB per layer. What the composed backend records of
     * local rows, that see every global token too, is as much once; with the others, twice.
     */
    @ParameterizedTest
    @CsvSource({"fused, 0.25", "chunks, 1.5"})
    void aStepWithManyGlobalsKeepsNoProbabilities(String backend, double allowed) {
        NativeBytes bytes = NativeBytes.find().orElse(null);
        assumeTrue(bytes != null, "the C library cannot tell how much it has given out");
        int length = 1024;
        try (AttentionBackend attention = Backends.of(backend)) {
            LongformerConfig config = config(length);
            LongformerEncoder encoder = TinyEncoder.of(config, folder, manager);
            held(bytes, encoder, config, attention, 64);
            long few = held(bytes, encoder, config, attention, 64);
            long many = held(bytes, encoder, config, attention, length);
            long probabilities = 4L * config.layers() * HEADS * length * length;
            System.out.println(few + " bytes, " + many + " bytes of " + probabilities);
            assertThat(many - few).isLessThan((long) (allowed * probabilities));
        }
    }

    /** On the way back one tile at a time is live. */
    @Test
    void theWayBackHoldsOneTile() {
        int length = 512;
        long few = peak(64, length);
        long many = peak(length, length);
        long states = 4L * length * HIDDEN;
        assertThat(many - few)
                .as("%d bytes for 64 globals, %d for %d", few, many, length)
                .isBetween(1L, 8 * states);
        assertThat(many).isLessThan(4L * HEADS * length * length / 2);
    }

    private long peak(int globals, int length) {
        SequenceLayout layout =
                SequenceLayout.allLocal(length).withGlobals(IntStream.range(0, globals).toArray());
        try (NDManager scope = manager.newSubManager()) {
            GlobalRows rows =
                    new GlobalRows(weights(manager), NAME, pattern(false, 0), HEAD_SIZE, true);
            PeakBytes peak = PeakBytes.of(scope);
            NDArray read = Autograd.leaf(normal(new Random(SEED), length), scope);
            GlobalRowsPass pass = GlobalRowsPass.run(rows, read, layout, null);
            try (Autograd.Mode _ = Autograd.recording();
                    NDArray loss = pass.output().square().sum();
                    NDArray one = loss.onesLike()) {
                Autograd.backward(loss, one);
            }
            pass.backward(scope);
            return peak.most();
        }
    }

    private long held(
            NativeBytes bytes,
            LongformerEncoder encoder,
            LongformerConfig config,
            AttentionBackend attention,
            int globals) {
        int length = config.maxPositionEmbeddings() - 2;
        long[] ids = new Random(SEED).longs(length, 5, 97).toArray();
        SequenceLayout layout =
                SequenceLayout.allLocal(length).withGlobals(IntStream.range(0, globals).toArray());
        TokenBatch batch = TokenBatch.of(config, ids, layout);
        long before = bytes.held();
        try (NDManager scope = manager.newSubManager();
                EncoderPass pass = encoder.pass(batch, attention, Activations.KEPT, scope)) {
            long held = bytes.held() - before;
            try (Autograd.Mode _ = Autograd.recording();
                    NDArray loss = pass.output().square().sum();
                    NDArray one = loss.onesLike()) {
                Autograd.backward(loss, one);
            }
            pass.backward();
            return held;
        }
    }

    private static LongformerConfig config(int length) {
        return new LongformerConfigBuilder(ModelType.LONGFORMER)
                .vocabSize(97)
                .hiddenSize(HIDDEN)
                .layers(3)
                .heads(HEADS)
                .intermediateSize(32)
                .maxPositionEmbeddings(length + 2)
                .window(8)
                .build();
    }

    private static AttentionPattern pattern(boolean causal, float dropout) {
        return AttentionPattern.builder(HEADS)
                .reach(1, causal ? 0 : 1)
                .scale(0.7f)
                .causal(causal)
                .dropout(dropout)
                .build();
    }

    private static RandomWeights weights(NDManager manager) {
        RandomWeights weights = new RandomWeights(manager, SEED);
        for (String projection : new String[] {"query", "key", "value"}) {
            weights.add(NAME + "." + projection + "_global.weight", HIDDEN, HIDDEN)
                    .add(NAME + "." + projection + "_global.bias", HIDDEN);
        }
        weights.names().forEach(name -> weights.get(name).setRequiresGradient(true));
        return weights;
    }

    private NDArray normal(Random random, int rows) {
        float[] drawn = new float[rows * HIDDEN];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) random.nextGaussian();
        }
        return Rows.own(manager.create(drawn, new Shape(rows, HIDDEN)));
    }

    /** The bias of the keys, array 4, gets rounding errors or nothing. */
    private static void close(int array, float[] actual, float[] expected) {
        assertThat(actual).as("array %d", array).hasSize(expected.length);
        double norm = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            norm += (double) expected[i] * expected[i];
            error += Math.pow((double) actual[i] - expected[i], 2);
        }
        assertThat(Math.sqrt(error))
                .as("array %d", array)
                .isLessThanOrEqualTo(array == 4 ? 1e-4 : 5e-6 * Math.sqrt(norm));
    }
}
