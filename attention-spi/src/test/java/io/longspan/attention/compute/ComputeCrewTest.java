package io.longspan.attention.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class ComputeCrewTest {
    @Test
    void everyItemIsDoneOnce() {
        try (ComputeCrew crew = new ComputeCrew(3)) {
            for (int items : new int[] {0, 1, 2, 3, 1000}) {
                AtomicIntegerArray done = new AtomicIntegerArray(items);
                crew.run(items, (item, worker) -> done.incrementAndGet(item));
                for (int i = 0; i < items; i++) {
                    assertThat(done.get(i)).as("item %d of %d", i, items).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void twoItemsNeverShareAWorker() {
        try (ComputeCrew crew = new ComputeCrew(2)) {
            AtomicIntegerArray inside = new AtomicIntegerArray(2);
            AtomicIntegerArray most = new AtomicIntegerArray(2);
            crew.run(
                    5000,
                    (item, worker) -> {
                        int now = inside.incrementAndGet(worker);
                        most.accumulateAndGet(worker, now, Math::max);
                        inside.decrementAndGet(worker);
                    });
            assertThat(most.get(0)).isLessThanOrEqualTo(1);
            assertThat(most.get(1)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void whatAnItemThrowsReachesTheCallerAndTheCrewGoesOn() {
        try (ComputeCrew crew = new ComputeCrew(2)) {
            assertThatThrownBy(() ->
                            crew.run(
                                    100,
                                    (item, worker) -> {
                                        if (item == 57) {
                                            throw new IllegalStateException("item 57");
                                        }
                                    }))
                    .hasMessage("item 57");
            crew.run(10, (item, worker) -> {});
        }
    }

    @Test
    void aClosedCrewRefusesWork() {
        ComputeCrew crew = new ComputeCrew(2);
        crew.close();
        crew.close();
        assertThatThrownBy(() -> crew.run(1, (item, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    /** Callers on two threads, some holding turns: never more tasks at once than threads. */
    @Test
    void callersTakeTurns() throws InterruptedException {
        try (ComputeCrew crew = new ComputeCrew(2)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger held = new AtomicInteger();
            AtomicInteger besideHeld = new AtomicInteger();
            Runnable caller =
                    () -> {
                        for (int call = 0; call < 200; call++) {
                            crew.run(
                                    8,
                                    (item, worker) -> {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        besideHeld.addAndGet(held.get());
                                        Thread.onSpinWait();
                                        inside.decrementAndGet();
                                    });
                            try (ComputeCrew.Turn _ = crew.turn()) {
                                held.incrementAndGet();
                                besideHeld.addAndGet(inside.get());
                                Thread.onSpinWait();
                                held.decrementAndGet();
                            }
                        }
                    };
            List<Thread> callers =
                    List.of(Thread.ofPlatform().start(caller), Thread.ofPlatform().start(caller));
            for (Thread each : callers) {
                each.join();
            }
            assertThat(most.get()).isBetween(1, 2);
            assertThat(besideHeld.get()).isZero();
        }
    }

    @Test
    void aTurnIncludesJobsOfItsOwnThread() {
        try (ComputeCrew crew = new ComputeCrew(2);
                ComputeCrew.Turn _ = crew.turn()) {
            AtomicInteger done = new AtomicInteger();
            crew.run(10, (item, worker) -> done.incrementAndGet());
            assertThat(done.get()).isEqualTo(10);
        }
    }

    @Test
    void anItemThatRunsAJobIsRefusedInsteadOfWaitingForItself() {
        try (ComputeCrew crew = new ComputeCrew(2)) {
            assertThatThrownBy(
                            () -> crew.run(8, (item, worker) -> crew.run(2, (inner, other) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("wait for itself");
            crew.run(4, (item, worker) -> {});
        }
    }
}
