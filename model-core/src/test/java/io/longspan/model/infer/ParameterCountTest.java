package io.longspan.model.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParameterCountTest {
    /** Counted by hand for the published sizes: encoder, with LM head, global share in percent. */
    @ParameterizedTest
    @CsvSource({
        "longformer-base-4096,148068864,148711257,21261312,14.4",
        "longformer-large-4096,433551360,434653273,75571200,17.4",
        "roberta-base,124055040,124697433,0,0",
        "roberta-large,354310144,355412057,0,0",
        // 12,288 rows of 768 and of 1024 more
        "longformer-base-16384,157506048,158148441,21261312,13.5",
        "longformer-large-16384,446134272,447236185,75571200,16.9"
    })
    void presetsHaveTheirPublishedSizes(
            String preset, long encoder, long withHead, long global, double share) {
        ParameterCount count = ParameterCount.of(Presets.get(preset), Task.MASKED_LM, 0);
        assertThat(count.encoder()).isEqualTo(encoder);
        assertThat(count.total()).isEqualTo(withHead);
        assertThat(count.global()).isEqualTo(global);
        assertThat(100 * count.globalShare()).isCloseTo(share, within(0.05));
        assertThat(ParameterCount.of(Presets.get(preset), Task.MULTIPLE_CHOICE, 1).pooler())
                .isEqualTo(
                        (long) Presets.get(preset).hiddenSize() * Presets.get(preset).hiddenSize()
                                + Presets.get(preset).hiddenSize());
    }

    /**
     * 41 and 102 million in the paper, of which a projection of the relative positions, 512 x 512 a
     * layer, is not here, and the global projections are not there.
     */
    @ParameterizedTest
    @CsvSource({"char-lm-small,41", "char-lm-large,102"})
    void characterModelsComeToThePapersSizes(String preset, double millions) {
        LongformerConfig config = Presets.get(preset);
        ParameterCount count = ParameterCount.of(config, Task.MASKED_LM, 0);
        long positions = 2049L * 512;
        long relative = config.layers() * 512L * 512;
        long theirs = count.total() - count.global() - positions + relative;
        assertThat(theirs / 1_000_000.0).isCloseTo(millions, within(1.0));
    }

    @Test
    void aCheckpointIsCountedAsItIs() {
        try (Checkpoint checkpoint =
                CheckpointFiles.open(Path.of("src/test/resources/conversion/bert"))) {
            ParameterCount count = ParameterCount.of(checkpoint.names());
            assertThat(count.pooler()).isEqualTo(16 * 16 + 16);
            assertThat(count.head()).isEqualTo(16 * 16 + 16 + 2 * 16 + 131);
            assertThat(count.global()).isZero();
        }
    }

    @Test
    void memoryGrowsWithTokensAndRecomputingSavesAllButTheInputsOfTheLayers() {
        LongformerConfig base = Presets.get("longformer-base-4096");
        MemoryEstimate one = MemoryEstimate.of(base, 148_711_257, 1000);
        MemoryEstimate two = MemoryEstimate.of(base, 148_711_257, 2000);
        assertThat(two.inference()).isEqualTo(2 * one.inference());
        assertThat(two.weights()).isEqualTo(one.weights()).isEqualTo(594_845_028);
        assertThat(one.optimizer()).isEqualTo(2 * one.gradients());
        // 11 further layers of 8 x 768 + 2 x 3072 numbers per token, against 768 each
        assertThat(one.kept() - one.recomputed())
                .isEqualTo(1000L * 4 * 11 * (12288 - 768) - 1000L * 4 * 768);
        // written out: two states of 12 layers and 12 of one; most is 4 states and an inner tensor
        long fixed = one.weights() + one.gradients() + one.optimizer();
        assertThat(one.toTrainWritten(0) - fixed)
                .isEqualTo(
                        1000L * 4 * (36 * 768 + 3 * 768 + 2 * 3072) + 500L * 4 * (2 * 768 + 3072));
        assertThat(one.toTrainWritten(Long.MAX_VALUE) - one.toTrainWritten(0))
                .isEqualTo(1000L * 4 * 12 * (4 * 768 + 3072));
        assertThat(one.toTrainWritten(7)).isEqualTo(one.toTrainWritten(0) + 7);
    }
}
