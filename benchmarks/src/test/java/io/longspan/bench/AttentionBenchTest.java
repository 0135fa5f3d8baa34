package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttentionBenchTest {
    private static final AttentionBenchRequest SMALL =
            new AttentionBenchRequest(96, 16, 1, 2, 2, 16, 1, true, 2, null);

    @Test
    void whatIsTimedGivesTheSameAnswers() {
        try (BenchedBackend fused = BenchedBackend.open("fused", SMALL);
                BenchedBackend chunks = BenchedBackend.open("chunks", SMALL);
                BenchedBackend loop = BenchedBackend.open("loop", SMALL)) {
            fused.forward();
            near(fused.output(), loop.output());
            near(chunks.output(), loop.output());
            for (int i = 0; i < 3; i++) {
                float[] expected = loop.gradients().get(i);
                near(fused.gradients().get(i), expected);
                near(chunks.gradients().get(i), expected);
            }
        }
    }

    @Test
    void denseIsWhatAWindowOverEverythingGives() {
        AttentionBenchRequest all =
                new AttentionBenchRequest(20, 40, 1, 0, 2, 8, 1, false, 1, null);
        try (BenchedBackend fused = BenchedBackend.open("fused", all);
                Contender dense = ArrayContender.dense(all)) {
            fused.forward();
            near(fused.output(), dense.output());
        }
    }

    @Test
    void everyAvailableBackendHasTimesAndSharesOfOnePeak() {
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            AttentionBenchResult result =
                    new AttentionBench(registry, AttentionSettings.defaults(), line -> {})
                            .run(SMALL);
            assertThat(result.peakGflops()).isPositive();
            assertThat(result.rows())
                    .extracting(AttentionBenchRow::name)
                    .contains("fused", "chunks", "loop");
            for (AttentionBenchRow row : result.rows()) {
                Timing forward = row.forward();
                assertThat(forward).as(row.name()).isNotNull();
                assertThat(row.backward()).as(row.name()).isNotNull();
                assertThat(forward.minSeconds())
                        .isPositive()
                        .isLessThanOrEqualTo(forward.medianSeconds());
                assertThat(row.forwardShareOfPeak())
                        .isEqualTo(row.forwardGflops() / result.peakGflops());
                assertThat(row.ratioToFastest()).isGreaterThanOrEqualTo(1);
            }
            assertThat(result.rows()).anyMatch(row -> row.ratioToFastest() == 1);
        }
    }

    @Test
    void aBackendThatCannotIsNamedWithItsReason() {
        AttentionBenchRequest dilated =
                new AttentionBenchRequest(64, 8, 2, 0, 1, 8, 1, false, 1, null);
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            AttentionBenchResult result =
                    new AttentionBench(registry, AttentionSettings.defaults(), line -> {})
                            .run(dilated);
            assertThat(result.rows())
                    .anySatisfy(row -> {
                        assertThat(row.name()).isEqualTo("chunks");
                        assertThat(row.note()).contains("dilation");
                        assertThat(row.forward()).isNull();
                        assertThat(row.forwardGflops()).isNull();
                        assertThat(row.ratioToFastest()).isNull();
                    });
        }
    }

    @Test
    void usefulOperationsCountThePairsThatSeeEachOther() {
        assertThat(AttentionBenchRequest.base(2).forwardFlops())
                .isEqualTo(4.0 * 64 * 12 * 2_035_456);
        AttentionBenchRequest brief =
                new AttentionBenchRequest(3, 10, 1, 0, 1, 1, 1, false, 1, null);
        assertThat(brief.forwardFlops()).isEqualTo(4 * 9);
        AttentionBenchRequest dilated =
                new AttentionBenchRequest(5, 2, 2, 0, 1, 1, 1, false, 1, null);
        // Tokens 0 2 4 and 1 3: three and two in a row, each sees its neighbours.
        assertThat(dilated.forwardFlops()).isEqualTo(4 * (7 + 4));
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new AttentionBenchRequest(8, 3, 1, 0, 1, 1, 1, false, 1, null))
                .hasMessageContaining("window is 3");
        assertThatThrownBy(() -> new AttentionBenchRequest(8, 2, 1, 9, 1, 1, 1, false, 1, null))
                .hasMessageContaining("globals is 9");
    }

    @Test
    void peersAreReadFromTheirLines(@TempDir Path folder) throws Exception {
        List<AttentionBench.Measured> peers =
                PythonPeers.parse(
                        List.of("torch\t2.1\t0.5\t0.3\t0.4", "other\tnone\tnot installed: x"));
        assertThat(peers.getFirst().forward().medianSeconds()).isEqualTo(0.4);
        assertThat(peers.getLast().note()).isEqualTo("not installed: x");
        assertThatThrownBy(
                        () -> PythonPeers.measure(folder.resolve("no-python"), SMALL, line -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-python");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aChartHoldsEachCurveInsideItsFrame() {
        LineChart chart = new LineChart("time & more", "tokens", "ms");
        chart.add("a<b", List.of(new LineChart.Point(512, 1), new LineChart.Point(1024, 20)));
        chart.add("unknown", List.of(new LineChart.Point(512, -1)));
        String svg = chart.svg();
        assertThat(svg).contains("time &amp; more", "a&lt;b").doesNotContain("unknown");
        assertThat(svg.split("<circle", -1)).hasSize(3);
        assertThat(svg).contains("M80.0 380.0").doesNotContain("NaN");
    }

    private static void near(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("element %d", i)
                    .isLessThan(1e-5f * (1 + Math.abs(expected[i])));
        }
    }
}
