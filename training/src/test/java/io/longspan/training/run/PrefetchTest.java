package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.training.objective.Feed;
import io.longspan.training.objective.ReadSoFar;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PrefetchTest {
    private static final Feed.Step NOTHING = new Feed.Step(List.of(), ReadSoFar.NOTHING);

    @Test
    void theNextStepIsMadeWhileTheCallerComputesAndNoneTwice() throws Exception {
        ConcurrentLinkedQueue<Long> made = new ConcurrentLinkedQueue<>();
        CountDownLatch second = new CountDownLatch(2);
        try (Prefetch prefetch =
                new Prefetch(
                        step -> {
                            made.add(step);
                            second.countDown();
                            return NOTHING;
                        },
                        6)) {
            assertThat(prefetch.begin(3)).isSameAs(prefetch.take(3));
            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(made).containsExactly(3L, 4L);
            prefetch.take(4);
            prefetch.take(5);
        }
        // Step 6 does not exist.
        assertThat(made).containsExactly(3L, 4L, 5L);
    }

    @Test
    void timeIsCountedOnlyWhereTheCallerHasToWait() throws Exception {
        CountDownLatch made = new CountDownLatch(2);
        try (Prefetch prefetch =
                new Prefetch(
                        step -> {
                            sleep();
                            made.countDown();
                            return NOTHING;
                        },
                        2)) {
            prefetch.take(0);
            long first = prefetch.waited();
            assertThat(made.await(10, TimeUnit.SECONDS)).isTrue();
            sleep();
            prefetch.take(1);
            assertThat(first).isGreaterThan(150_000_000L);
            assertThat(prefetch.waited() - first).isLessThan(100_000_000L);
        }
    }

    @Test
    void whatTheFeedThrowsReachesTheCaller() {
        try (Prefetch prefetch =
                new Prefetch(
                        step -> {
                            throw new IllegalStateException("shard " + step);
                        },
                        2)) {
            assertThatThrownBy(() -> prefetch.take(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("shard 0");
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
