package io.longspan.store.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.Store;
import io.longspan.store.TestDatabases;
import io.longspan.store.schedule.ScheduleRow.Missed;
import io.longspan.store.schedule.ScheduleRow.Overlap;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SchedulesTest {
    private static TestDatabases databases;
    private static Store store;

    private final Schedules schedules = store.schedules();

    @BeforeAll
    static void start() throws Exception {
        databases = new TestDatabases();
        store = Store.open(databases.make("schedules"));
    }

    @AfterAll
    static void stop() {
        store.close();
        databases.close();
    }

    @BeforeEach
    void clear() {
        JdbcClient jdbc = JdbcClient.create(store.dataSource());
        jdbc.sql("delete from ingest_schedule").update();
        jdbc.sql("delete from work_request").update();
    }

    private void create(String name, Overlap overlap, Missed missed) {
        assertThat(
                        schedules.create(
                                name,
                                "0 * * * *",
                                "Asia/Kathmandu",
                                overlap,
                                missed,
                                "{\"out\":\"data/{date}/{time}\"}",
                                "ann"))
                .isTrue();
    }

    private Instant next(String name) {
        return schedules.find(name).orElseThrow().nextAt();
    }

    private static List<WorkRow> work() {
        return store.work().list(100);
    }

    @Test
    void aRunIsHandedInOnceAtItsTime() {
        create("news", Overlap.QUEUE, Missed.LATEST);
        Instant time = next("news");
        assertThat(time).isAfter(Instant.now().minusSeconds(1));
        // A full hour there is a quarter past here.
        assertThat(time.getEpochSecond() % 3600).isEqualTo(15 * 60);
        assertThat(schedules.handInDue(time.minusMillis(1))).isZero();
        assertThat(schedules.handInDue(time)).isEqualTo(1);
        assertThat(schedules.handInDue(time)).isZero();
        assertThat(next("news")).isEqualTo(time.plus(Duration.ofHours(1)));
        WorkRow row = work().getFirst();
        assertThat(row.kind()).isEqualTo(WorkKind.INGEST);
        assertThat(row.requestedBy()).isEqualTo("schedule news");
        assertThat(row.payload()).matches("\\{\"out\": \"data/\\d{8}/\\d{8}T\\d{2}0000\"}");
        assertThat(
                        schedules.create(
                                "news", "0 * * * *", "UTC", Overlap.SKIP, Missed.ALL, "{}", "b"))
                .isFalse();
    }

    @Test
    void ofTimesThatWereMissedTheLatestOrAllBecomeRuns() {
        create("latest", Overlap.QUEUE, Missed.LATEST);
        create("all", Overlap.QUEUE, Missed.ALL);
        Instant later = next("all").plus(Duration.ofHours(4)).plusSeconds(7);
        assertThat(schedules.handInDue(later)).isEqualTo(1 + 5);
        assertThat(schedules.find("latest").orElseThrow().skipped()).isEqualTo(4);
        assertThat(schedules.find("all").orElseThrow().runs()).isEqualTo(5);
        assertThat(next("all")).isEqualTo(next("latest")).isAfter(later);
    }

    @Test
    void aRunThatIsNotOverLetsTheNextTimePass() {
        create("news", Overlap.SKIP, Missed.LATEST);
        assertThat(schedules.handInDue(next("news"))).isEqualTo(1);
        assertThat(schedules.handInDue(next("news"))).isZero();
        assertThat(schedules.find("news").orElseThrow().skipped()).isEqualTo(1);
        WorkRow held =
                store.work()
                        .take("w", Set.of(WorkKind.INGEST), Duration.ofMinutes(1))
                        .orElseThrow();
        assertThat(schedules.handInDue(next("news"))).isZero();
        store.work().done(held, "{}");
        assertThat(schedules.handInDue(next("news"))).isEqualTo(1);
    }

    @Test
    void whatIsPausedPassesByAndIsNotMadeUp() {
        create("news", Overlap.QUEUE, Missed.ALL);
        assertThat(schedules.pause("news")).isTrue();
        assertThat(schedules.handInDue(next("news").plus(Duration.ofDays(1)))).isZero();
        assertThat(schedules.resume("news")).isTrue();
        assertThat(next("news")).isAfter(Instant.now().minusSeconds(1));
        assertThat(schedules.runNow("news")).contains(work().getFirst().id());
        assertThat(schedules.delete("news")).isTrue();
        assertThat(schedules.delete("news")).isFalse();
        assertThat(schedules.pause("news")).isFalse();
        assertThat(schedules.resume("news")).isFalse();
        assertThat(schedules.runNow("news")).isEmpty();
        assertThat(work()).hasSize(1);
    }

    @Test
    void pastTimesCanBeMadeUpOnPurpose() {
        create("news", Overlap.SKIP, Missed.LATEST);
        Instant from = Instant.parse("2026-03-01T00:15:00Z");
        assertThat(schedules.backfill("news", from, from.plus(Duration.ofHours(2))).orElseThrow())
                .hasSize(3);
        assertThat(work())
                .extracting(WorkRow::payload)
                .contains("{\"out\": \"data/20260301/20260301T080000\"}");
    }

    @Test
    void manyWhoLookHandInEachTimeOnce() throws Exception {
        create("a", Overlap.QUEUE, Missed.ALL);
        create("b", Overlap.QUEUE, Missed.ALL);
        Instant later = next("a").plus(Duration.ofHours(19)).plusSeconds(1);
        try (ExecutorService lookers = Executors.newFixedThreadPool(6)) {
            List<Callable<Integer>> looks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                looks.add(() -> store.schedules().handInDue(later));
            }
            int made = 0;
            for (Future<Integer> look : lookers.invokeAll(looks)) {
                made += look.get();
            }
            assertThat(made).isEqualTo(40);
        }
        assertThat(work()).extracting(WorkRow::payload).hasSize(40);
        assertThat(work().stream().map(WorkRow::title).distinct()).hasSize(40);
    }

    private static List<Instant> between(CronTimes times, String from, String until) {
        return times.between(Instant.parse(from), Instant.parse(until), 9);
    }

    @Test
    void summerTimeIsTheZonesOwn() {
        CronTimes times = CronTimes.of("30 2 * * *", "Europe/Paris");
        // Half past two does not exist on 29 March 2026, and is twice on 25 October.
        assertThat(between(times, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"))
                .containsExactly(
                        Instant.parse("2026-03-28T01:30:00Z"),
                        Instant.parse("2026-03-29T01:30:00Z"),
                        Instant.parse("2026-03-30T00:30:00Z"));
        assertThat(between(times, "2026-10-24T12:00:00Z", "2026-10-26T00:00:00Z"))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(times.after(Instant.parse("2026-10-25T01:15:00Z")))
                .contains(Instant.parse("2026-10-26T01:30:00Z"));
        assertThat(
                        between(
                                CronTimes.of("0 * * * *", "Europe/Paris"),
                                "2026-10-25T00:00:00Z",
                                "2026-10-25T03:00:00Z"))
                .hasSize(3);
        assertThatThrownBy(() -> CronTimes.of("every night", "UTC"))
                .hasMessageContaining("cron expression 'every night' cannot be read");
        assertThatThrownBy(() -> CronTimes.of("0 0 30 2 *", "UTC"))
                .hasMessageContaining("names no time");
        assertThatThrownBy(() -> CronTimes.of("* * * * *", "Mars/Base"))
                .hasMessageContaining("time zone 'Mars/Base' is not known");
    }
}
