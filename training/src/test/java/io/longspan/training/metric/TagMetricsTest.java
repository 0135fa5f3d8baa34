package io.longspan.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TagMetricsTest {
    private static final List<String> NAMES = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");

    @Test
    void aNameIsRightWhenBothEndsAndTheKindAre() {
        TagMetrics metrics = new TagMetrics(NAMES);
        metrics.add(
                tags("B-PER I-PER O B-LOC O B-PER"), // PER 0-1, LOC 3, PER 5
                tags("B-PER O O B-LOC O B-LOC")); // PER 0, LOC 3, LOC 5
        assertThat(metrics.measured().get("accuracy")).isEqualTo(4.0 / 6, within(1e-12));
        assertThat(metrics.measured().get("micro_f1")).isEqualTo(2.0 / 6, within(1e-12));
        // PER: 0 of 2 and 1; LOC: 1 of 1 and 2.
        assertThat(metrics.measured().get("macro_f1")).isEqualTo((0 + 2.0 / 3) / 2, within(1e-12));
    }

    @Test
    void anInnerTagThatContinuesNothingBeginsAName() {
        TagMetrics metrics = new TagMetrics(NAMES);
        metrics.add(
                tags("O I-PER I-PER I-LOC B-LOC B-LOC"), // PER 1-2, LOC 3, LOC 4, LOC 5
                tags("O B-PER I-PER B-LOC B-LOC I-LOC")); // PER 1-2, LOC 3, LOC 4-5
        assertThat(metrics.measured().get("micro_f1")).isEqualTo(2 * 2.0 / 7, within(1e-12));
    }

    @Test
    void aNameDoesNotCrossSequences() {
        TagMetrics metrics = new TagMetrics(NAMES);
        metrics.add(tags("O B-PER"), tags("O B-PER"));
        metrics.add(tags("I-PER O"), tags("I-PER O"));
        assertThat(metrics.measured().get("micro_f1")).isEqualTo(1);
        assertThat(metrics.measured().get("macro_f1")).isEqualTo(1);
    }

    @Test
    void tagsWithoutBeginningsAreCountedOneByOne() {
        TagMetrics metrics = new TagMetrics(List.of("noun", "verb", "other"));
        metrics.add(new int[] {0, 0, 1, 1}, new int[] {0, 1, 1, 1});
        assertThat(metrics.measured().get("micro_f1")).isEqualTo(0.75, within(1e-12));
        assertThat(metrics.measured().get("macro_f1"))
                .isEqualTo((2.0 / 3 + 4.0 / 5) / 2, within(1e-12));
    }

    private static int[] tags(String text) {
        return Stream.of(text.split(" ")).mapToInt(NAMES::indexOf).toArray();
    }
}
