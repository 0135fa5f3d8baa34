package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EncoderBenchTest {
    @Test
    void anEncoderIsTimedBesideThePeak(@TempDir Path folder) {
        Path model = folder.resolve("model");
        RandomCheckpoint.write(Presets.get("tiny"), 1, model, null, Progress.none());
        EncoderBenchRequest asked =
                new EncoderBenchRequest(model, 70, 1, 3, LinearPrecision.FP32, null, List.of());
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            EncoderBenchResult result =
                    new EncoderBench(
                                    registry,
                                    AttentionSettings.defaults().withBackend("loop"),
                                    line -> {})
                            .run(asked);
            assertThat(result.backend()).isEqualTo("loop");
            assertThat(result.timing().runs()).isEqualTo(3);
            assertThat(result.precision()).isEqualTo("fp32");
            assertThat(result.tokensPerSecond())
                    .isCloseTo(70 / result.timing().medianSeconds(), within(1e-6));
            assertThat(result.shareOfPeak()).isBetween(0.0, 1.2);
        }
    }

    /** Window 32 is 16 to a side: 16 keys and oneself, fewer at the ends. */
    @Test
    void operationsAreCountedByHand() {
        LongformerConfig tiny = Presets.get("tiny");
        double linear = 2.0 * 100 * (4 * 64 * 64 + 2 * 64 * 128);
        double pairs = 100 * 33 - 16 * 17;
        double attention = 4 * 16 * 4 * pairs;
        assertThat(EncoderBench.gflop(tiny, 100))
                .isCloseTo(2 * (linear + attention) / 1e9, within(1e-12));
    }

    @Test
    void differencesOfAnswersAreRelativeAndSeeNaN() {
        float[] one = {1, 2, 3, 4};
        assertThat(EncoderPeers.difference(one, new float[] {1, 2, 3, 8})).isEqualTo(0.5);
        assertThat(EncoderPeers.difference(new float[] {1, Float.NaN, 3, 4}, one)).isNaN();
        assertThat(EncoderPeers.difference(one, new float[2])).isInfinite();
        assertThat(EncoderPeers.cosine(one, one, 2)).isCloseTo(1, within(1e-12));
        assertThat(EncoderPeers.cosine(new float[] {1, 0}, new float[] {0, 1}, 2)).isZero();
    }

    @Test
    void anUnknownPeerIsRefused() {
        assertThatThrownBy(() ->
                        new EncoderBenchRequest(Path.of("m"), 1, 1, 1, null, null, List.of("fp64")))
                .hasMessageContaining("'fp64'")
                .hasMessageContaining("bf16-compile");
    }
}
