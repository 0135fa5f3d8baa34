package io.longspan.admin.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Backends that never come back, and one that is slow. */
final class BackendChecksTest {
    private static final Duration LIMIT = Duration.ofMillis(400);
    private static final Duration GRACE = Duration.ofMillis(200);

    @Test
    void aBackendThatHangsHoldsNeitherTheNextTestNorTheEnd(@TempDir Path folder) throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Waits probe = new Waits(free);
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            BackendChecks checks =
                    checks(store, probe, new BackendChecks.Limits(Duration.ofMinutes(9), GRACE));
            checks.start("otto");
            until(() -> probe.at.equals("hangs"));
            assertThatThrownBy(() -> checks.start("otto")).isInstanceOf(Refused.class);
            long begin = System.nanoTime();
            checks.destroy();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(3));
            until(() -> checks.running().isEmpty());
            assertThat(checks.kept()).isEmpty();

            BackendChecks limited = checks(store, probe, new BackendChecks.Limits(LIMIT, GRACE));
            limited.start("otto");
            until(() -> limited.running().isEmpty());
            BackendCheck timedOut = limited.kept().getFirst();
            assertThat(timedOut.found())
                    .extracting(BackendProbe.Found::backend, BackendProbe.Found::state)
                    .containsExactly(tuple("good", "DONE"), tuple("hangs", "FAILED"));
            assertThat(timedOut.left()).containsExactly("last");
            assertThat(timedOut.note())
                    .contains("timed out after 400 ms", "'hangs'", "'last'", "restart");

            // The next test leaves out the one that still hangs, and tests the rest.
            limited.start("otto");
            until(() -> limited.running().isEmpty());
            BackendCheck next = limited.kept().getFirst();
            assertThat(next.left()).isEmpty();
            assertThat(next.note()).isEmpty();
            assertThat(next.found().get(1).problem()).contains("earlier test", "restart");
            assertThat(next.found().get(2).state()).isEqualTo("DONE");

            // What comes after the limit changes nothing, and one that came back is tested again.
            free.countDown();
            until(() -> probe.back.getCount() == 0);
            until(() -> {
                limited.start("otto");
                until(() -> limited.running().isEmpty());
                return limited.kept().getFirst().found().get(1).problem().isEmpty();
            });
            assertThat(limited.kept()).contains(timedOut);
        } finally {
            free.countDown();
        }
    }

    @Test
    void aSlowBackendEndsWhereItLooks(@TempDir Path folder) {
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            BackendChecks checks =
                    checks(
                            store,
                            new Slow(),
                            new BackendChecks.Limits(LIMIT, LIMIT.multipliedBy(9)));
            checks.start("otto");
            until(() -> checks.running().isEmpty());
            BackendCheck first = checks.kept().getFirst();
            assertThat(first.note())
                    .contains("timed out after 400 ms in backend 'slow'", "less busy");
            assertThat(first.found().getFirst().problem()).contains("was not done");
            checks.start("otto");
            until(() -> checks.running().isEmpty());
            assertThat(checks.kept().getFirst().found().getFirst().problem())
                    .contains("was not done");
        }
    }

    private static BackendChecks checks(
            Store store, BackendProbe probe, BackendChecks.Limits limits) {
        return new BackendChecks(
                store, InstantSource.system(), JsonMapper.builder().build(), probe, limits);
    }

    private static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not happen within 20 s").isLessThan(end);
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static BackendProbe.Found right(String backend) {
        return new BackendProbe.Found(backend, "1", 7, List.of(), List.of(), 1e-7, 1, 1, 1, "");
    }

    /** The second neither looks nor hears an interrupt until it is let go. */
    private static final class Waits implements BackendProbe {
        private final CountDownLatch free;
        private final CountDownLatch back = new CountDownLatch(1);
        private volatile String at = "";

        Waits(CountDownLatch free) {
            this.free = free;
        }

        @Override
        public List<String> backends() {
            return List.of("good", "hangs", "last");
        }

        @Override
        public String measured() {
            return "nothing";
        }

        @Override
        public Found probe(String backend, Runnable goOn) {
            at = backend;
            while (backend.equals("hangs") && free.getCount() > 0) {
                try {
                    free.await();
                } catch (InterruptedException e) {
                    assertThat(e).isNotNull();
                }
            }
            if (backend.equals("hangs")) {
                back.countDown();
            }
            return right(backend);
        }
    }

    /** Works for ever, but looks. */
    private static final class Slow implements BackendProbe {
        @Override
        public List<String> backends() {
            return List.of("slow");
        }

        @Override
        public String measured() {
            return "nothing";
        }

        @Override
        public Found probe(String backend, Runnable goOn) {
            while (true) {
                goOn.run();
                Thread.onSpinWait();
            }
        }
    }
}
