package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class WorkersTest {
    @Test
    void everyItemIsDoneOnce() {
        try (Workers workers = new Workers(3)) {
            for (int items : new int[] {0, 1, 2, 3, 1000}) {
                AtomicIntegerArray done = new AtomicIntegerArray(items);
                workers.run(items, (item, worker) -> done.incrementAndGet(item));
                for (int i = 0; i < items; i++) {
                    assertThat(done.get(i)).as("item %d of %d", i, items).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void twoItemsNeverShareAWorker() {
        try (Workers workers = new Workers(2)) {
            AtomicIntegerArray inside = new AtomicIntegerArray(2);
            AtomicIntegerArray most = new AtomicIntegerArray(2);
            workers.run(
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
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() ->
                            workers.run(
                                    100,
                                    (item, worker) -> {
                                        if (item == 57) {
                                            throw new IllegalStateException("item 57");
                                        }
                                    }))
                    .hasMessage("item 57");
            workers.run(10, (item, worker) -> {});
        }
    }

    @Test
    void aClosedCrewRefusesWork() {
        Workers workers = new Workers(2);
        workers.close();
        workers.close();
        assertThatThrownBy(() -> workers.run(1, (item, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
