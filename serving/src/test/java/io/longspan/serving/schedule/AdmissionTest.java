package io.longspan.serving.schedule;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private static final long MILLI = 1_000_000;

    private final SchedulerSettings settings = SchedulerSettings.defaults().withBatch(100, 100);
    private final WaitingLine<TestJob> line = new WaitingLine<>(settings);
    private final Admission admission = new Admission(settings, line);

    /** 100 tokens take a millisecond. */
    @BeforeEach
    void run() {
        admission.begins(100);
        admission.ends(100, MILLI);
    }

    @Test
    void theTimeUntilTheAnswerCountsAndNotTheTimeUntilTheRun() {
        line.add(TestJob.of(0, "a", 5, 150), 0);
        // Two batches, of which the second is filled up by those who come later, and a quarter.
        refused(1, 25 * MILLI / 10 - 1);
        admission.expectedInTime(5, 1, 25 * MILLI / 10, 0);
        admission.expectedInTime(5, 50, 25 * MILLI / 10, 0);
        refused(51, 375 * MILLI / 100 - 1);
        admission.expectedInTime(5, 51, 375 * MILLI / 100, 0);
        admission.begins(60);
        refused(1, 325 * MILLI / 100 - 1);
        admission.expectedInTime(5, 1, 325 * MILLI / 100, 0);
    }

    @Test
    void whatIsBeingTokenisedCountsAsIfItWaited() {
        admission.expect(5, 90);
        refused(20, 25 * MILLI / 10 - 1);
        admission.expectedInTime(5, 20, 25 * MILLI / 10, 0);
        // Of what is less urgent nothing is before it.
        admission.expectedInTime(4, 20, MILLI, 0);
        admission.expect(5, -90);
        admission.expectedInTime(5, 20, 1, 0);
    }

    @Test
    void aShortLineIsNoMoreThanWhatIsInIt() {
        line.add(TestJob.of(0, "a", 5, 40), 0);
        refused(20, 75 * MILLI / 100 - 1);
        admission.expectedInTime(5, 20, 75 * MILLI / 100, 0);
    }

    @Test
    void whereNobodyWaitsNobodyIsRefused() {
        admission.begins(100);
        admission.expectedInTime(5, 1, 1, 0);
    }

    private void refused(int tokens, long deadline) {
        assertThatThrownBy(() -> admission.expectedInTime(5, tokens, deadline, 0))
                .hasMessageContaining("RESOURCE_EXHAUSTED")
                .hasMessageContaining("would be answered in about");
    }
}
