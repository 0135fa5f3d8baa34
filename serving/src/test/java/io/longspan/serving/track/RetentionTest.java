package io.longspan.serving.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

final class RetentionTest {
    private static final Instant NOW = Instant.parse("2031-03-31T12:00:00Z");

    @Test
    void whatIsOlderThanItMayGetGoesAtTheStart() throws InterruptedException {
        BlockingQueue<Instant> asked = new LinkedBlockingQueue<>();
        try (Retention retention =
                Retention.start(
                        before -> {
                            asked.add(before);
                            return 1;
                        },
                        Duration.ofDays(30),
                        () -> NOW,
                        "rows were old")) {
            assertThat(retention).isNotNull();
            assertThat(asked.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(Instant.parse("2031-03-01T12:00:00Z"));
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayEndsNothing() throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        try (Retention retention =
                Retention.start(
                        _ -> {
                            threads.add(Thread.currentThread());
                            throw new DataAccessResourceFailureException("away");
                        },
                        Duration.ofDays(1),
                        () -> NOW,
                        "rows were old")) {
            assertThat(retention).isNotNull();
            Thread thread = threads.poll(10, TimeUnit.SECONDS);
            assertThat(thread).isNotNull();
            assertThat(thread.join(Duration.ofMillis(200))).isFalse();
        }
    }
}
