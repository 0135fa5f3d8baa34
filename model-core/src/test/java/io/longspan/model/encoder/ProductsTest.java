package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.linear.LinearAvailability;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention is permitted to round what the linear layers round, and nothing else. */
final class ProductsTest {
    private static final int TOKENS = 12;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"FP32, EXACT", "BF16, BF16", "INT8, BF16"})
    void attentionMayRoundWhereLinearLayersDo(LinearPrecision precision, ProductPrecision wanted) {
        LongformerConfig config =
                new LongformerConfigBuilder(ModelType.LONGFORMER)
                        .vocabSize(97)
                        .hiddenSize(16)
                        .layers(1)
                        .heads(2)
                        .intermediateSize(32)
                        .maxPositionEmbeddings(66)
                        .window(8)
                        .build();
        Path checkpoint = folder.resolve("model");
        RandomCheckpoint.write(config, 7, checkpoint, null, Progress.none());
        SpyKernel spy = new SpyKernel((KernelBackend) Backends.of("fused"));
        try (Checkpoint opened = CheckpointFiles.open(checkpoint);
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                LinearKernels kernels = LinearKernels.open(1)) {
            LinearAvailability found = kernels.availability(precision);
            assumeTrue(found instanceof LinearAvailability.Available, found::toString);
            LoadedWeights loaded = new LoadedWeights(opened.names(), manager, Progress.none());
            try (PackedWeights weights = new PackedWeights(loaded, kernels, precision)) {
                TokenBatch batch =
                        TokenBatch.of(config, new long[TOKENS], SequenceLayout.allLocal(TOKENS));
                new LongformerEncoder(weights, config)
                        .forward(batch, QueryRows.all(), spy, manager)
                        .close();
            }
            assertThat(spy.plans).extracting(Workload::products).containsExactly(wanted);
        } finally {
            spy.close();
        }
    }
}
