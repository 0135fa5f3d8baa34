package io.longspan.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.infer.LongformerModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published weights, where somebody has them: {@code -Dlongspan.published.model=DIR} or {@code
 * TEST_PUBLISHED_MODEL} names a folder with longformer-base-4096.
 */
final class PublishedCheckpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"fused", "chunks"})
    void publishedModelGivesThePublishedNumbers(String backend) {
        String folder =
                System.getProperty(
                        "longspan.published.model", System.getenv("TEST_PUBLISHED_MODEL"));
        if (folder == null) {
            Assumptions.abort(
                    "TEST_PUBLISHED_MODEL names no folder with the weights of longformer-base-4096");
        }
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = LongformerModel.open(Path.of(folder), Progress.none())) {
            PublishedNumbers.requireSameShape(model.config());
            List<GoldenComparison> results =
                    GoldenRun.run(model, PublishedNumbers.cases(), attention, Progress.none());
            assertThat(results).isNotEmpty().allMatch(GoldenComparison::passed);
        }
    }
}
