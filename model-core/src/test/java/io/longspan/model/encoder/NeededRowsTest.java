package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.tensor.Autograd;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the last layer leaves out for the rows that are asked for, as its backend sees it. */
final class NeededRowsTest {
    private static final long TOKENS = 48;
    private static final SequenceLayout LAYOUT =
            SequenceLayout.of(new int[] {0, 30, 48}, roles(new int[] {0, 33}, new int[] {5, 47}));

    @TempDir Path folder;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private SpyKernel spy;
    private LongformerEncoder encoder;
    private TokenBatch batch;

    @BeforeEach
    void open() {
        spy = new SpyKernel((KernelBackend) Backends.of("fused"));
        LongformerConfig config =
                new LongformerConfigBuilder(ModelType.LONGFORMER)
                        .vocabSize(97)
                        .hiddenSize(16)
                        .layers(3)
                        .heads(2)
                        .intermediateSize(32)
                        .maxPositionEmbeddings(66)
                        .window(8)
                        .build();
        encoder = TinyEncoder.of(config, folder, manager);
        long[] ids = LongStream.range(0, TOKENS).map(t -> 5 + 7 * t % 90).toArray();
        batch = TokenBatch.of(config, ids, LAYOUT);
    }

    @AfterEach
    void closeAll() {
        spy.close();
        manager.close();
    }

    @Test
    void theLastLayerAsksItsBackendForTheLocalRowsOnly() {
        run(QueryRows.of(0, 3, 5, 7, 33, 40));
        assertThat(spy.forwards)
                .containsExactly(QueryRows.all(), QueryRows.all(), QueryRows.of(3, 7, 40));
        assertThat(spy.queries).containsExactly(TOKENS, TOKENS, 3L);
        assertThat(spy.plans)
                .hasSize(2)
                .last()
                .matches(workload -> workload.features().contains(Feature.QUERY_ROWS));
    }

    @Test
    void theLastLayerDoesNotCallItsBackendForRowsOfGlobalAndMaskedTokens() {
        run(QueryRows.of(0, 33));
        assertThat(spy.queries).as("global rows").containsExactly(TOKENS, TOKENS);
        run(QueryRows.of(0, 5, 33, 47));
        assertThat(spy.queries)
                .as("and masked ones")
                .containsExactly(TOKENS, TOKENS, TOKENS, TOKENS);
        assertThat(spy.plans).noneMatch(work -> work.features().contains(Feature.QUERY_ROWS));
    }

    private void run(QueryRows rows) {
        try (Autograd.Mode _ = Autograd.paused();
                NDManager scope = manager.newSubManager()) {
            NDArray found = encoder.forward(batch, rows, spy, scope); // [R, N]
            int count = rows.indices(LAYOUT).length;
            assertThat(found.getShape()).isEqualTo(new Shape(count, 16));
            assertThat(spy.openPlans).isZero();
        }
    }

    private static byte[] roles(int[] globals, int[] masked) {
        byte[] roles = SequenceLayout.allLocal(30, 18).withGlobals(globals).roles();
        for (int t : masked) {
            roles[t] = 0;
        }
        return roles;
    }
}
