package io.longspan.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswerMetricsTest {
    @Test
    void articlesCasePunctuationAndSpaceDoNotCount() {
        assertThat(exact(false, "The  U.S. Army", "us army")).isEqualTo(100);
        assertThat(exact(false, "an ANT", "ant")).isEqualTo(100);
        // "theory" begins with an article's letters and is none.
        assertThat(exact(false, "theory", "ory")).isEqualTo(0);
        assertThat(exact(false, "I\u0130", "I\u0130")).isEqualTo(100);
    }

    @Test
    void wordsAreCountedAsOftenAsTheyStandInBoth() {
        // 2 of 3 words said are right, of 4 wanted: 2 * 2 / 7.
        assertThat(f1(false, "cat cat dog bird", "cat cat cow"))
                .isEqualTo(100 * 4.0 / 7, within(1e-9));
        assertThat(f1(false, "cat", "cat cat")).isEqualTo(100 * 2.0 / 3, within(1e-9));
    }

    @Test
    void theBestOfTheRightAnswersCounts() {
        AnswerMetrics metrics = new AnswerMetrics(false);
        metrics.add(List.of("Denver", "Denver Broncos"), "the Denver Broncos");
        metrics.add(List.of("blue"), "red");
        assertThat(metrics.measured()).containsEntry("exact_match", 50.0).containsEntry("f1", 50.0);
    }

    /** The two scripts differ where nothing is left of an answer. */
    @Test
    void noAnswerIsRightOnlyWhereThereIsNone() {
        AnswerMetrics metrics = new AnswerMetrics(true);
        metrics.add(List.of(), "");
        metrics.add(List.of(), "something");
        metrics.add(List.of("something"), "");
        metrics.add(List.of("the"), "");
        assertThat(metrics.measured()).containsEntry("exact_match", 50.0).containsEntry("f1", 50.0);
        assertThat(f1(false, "the", "a")).isEqualTo(0);
        assertThat(exact(false, "the", "a")).isEqualTo(100);
    }

    private static double exact(boolean noAnswer, String right, String given) {
        return measured(noAnswer, right, given, "exact_match");
    }

    private static double f1(boolean noAnswer, String right, String given) {
        return measured(noAnswer, right, given, "f1");
    }

    private static double measured(boolean noAnswer, String right, String given, String name) {
        AnswerMetrics metrics = new AnswerMetrics(noAnswer);
        metrics.add(List.of(right), given);
        return metrics.measured().get(name);
    }
}
