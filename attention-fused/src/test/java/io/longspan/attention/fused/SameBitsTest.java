package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who computes an item, and beside what, leaves no trace. */
final class SameBitsTest {
    private static final Map<String, String> COLD = Map.of("warm-up", "false");

    // Several work items per strip, segments that meet, globals and bias that are added up.
    private static AttentionPattern pattern() {
        return AttentionPattern.builder(3)
                .reach(40, 25)
                .reach(1, 70, 20)
                .dilation(2, 3)
                .scaleFor(16)
                .offsetBias(true)
                .dropout(0.1f)
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void anyNumberOfThreadsGivesTheSameBits(int threads) {
        SequenceLayout layout = SequenceLayout.allLocal(2200, 1, 70).withGlobals(0, 1500, 2210);
        try (Calls calls = new Calls(layout, pattern(), 16, 7);
                FusedAttention one = Calls.backend(1, COLD);
                FusedAttention many = Calls.backend(threads, COLD)) {
            List<float[]> expected = calls.run(one);
            List<float[]> actual = calls.run(many);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(Arrays.mismatch(actual.get(i), expected.get(i)))
                        .as("first element of result %d that differs", i)
                        .isEqualTo(-1);
            }
            assertThat(expected.getFirst()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void theCountOfThreadsIsTheOneAskedFor() {
        try (FusedAttention backend = Calls.backend(3, COLD)) {
            assertThat(threads()).isEqualTo(2);
            assertThat(backend).isNotNull();
        }
        assertThat(threads()).isZero();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("longspan-compute-") && t.isAlive())
                .count();
    }
}
