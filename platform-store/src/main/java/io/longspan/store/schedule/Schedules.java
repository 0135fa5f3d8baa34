package io.longspan.store.schedule;

import io.longspan.store.Rows;
import io.longspan.store.schedule.ScheduleRow.Missed;
import io.longspan.store.schedule.ScheduleRow.Overlap;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Schedules, and the handing in of what is due. Thread-safe, and safe among processes. */
public final class Schedules {
    /** Runs of one schedule that one look hands in. */
    private static final int MOST_AT_ONCE = 100;

    /** For expressions that name no time any more. */
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);

    private final JdbcClient jdbc;
    private final WorkQueue queue;
    private final TransactionTemplate transaction;

    /** Over an open database. */
    public Schedules(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.queue = new WorkQueue(jdbc);
        this.transaction = transaction;
    }

    /**
     * Makes a schedule.
     *
     * @param name identifies it
     * @param request JSON of the ingest; {@code {time}} and {@code {date}} in it become the time of
     *     the run, in the schedule's zone
     * @return whether it was made; false when there is one of that name
     * @throws IllegalArgumentException when the expression or the zone cannot be read
     */
    public boolean create(
            String name,
            String cron,
            String zone,
            Overlap overlap,
            Missed missed,
            String request,
            String by) {
        Instant next = CronTimes.of(cron, zone).after(now()).orElseThrow();
        return jdbc.sql(
                                """
                                insert into ingest_schedule (name, cron, zone, overlap, missed, request, next_at, created_by)
                                values (:name, :cron, :zone, :overlap, :missed, cast(:request as jsonb), :next, :by)
                                on conflict (name) do nothing
                                """)
                        .param("name", name)
                        .param("cron", cron)
                        .param("zone", zone)
                        .param("overlap", overlap.name())
                        .param("missed", missed.name())
                        .param("request", request)
                        .param("next", Rows.parameter(next))
                        .param("by", by)
                        .update()
                == 1;
    }

    /** All of them, by name. */
    public List<ScheduleRow> list() {
        return jdbc.sql("select * from ingest_schedule order by name").query(Schedules::row).list();
    }

    /** One of them. */
    public Optional<ScheduleRow> find(String name) {
        return jdbc.sql("select * from ingest_schedule where name = :name")
                .param("name", name)
                .query(Schedules::row)
                .optional();
    }

    /** Lets its times pass by; false when there is none of that name. */
    public boolean pause(String name) {
        return jdbc.sql("update ingest_schedule set paused = true where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** Goes on with the first time after now; what passed by is not made up. */
    public boolean resume(String name) {
        return locked(
                        name,
                        row -> {
                            if (row.paused()) {
                                jdbc.sql(
                                                "update ingest_schedule set paused = false, next_at = :next where"
                                                        + " name = :name")
                                        .param(
                                                "next",
                                                Rows.parameter(row.next(now(), 1).getFirst()))
                                        .param("name", name)
                                        .update();
                            }
                            return true;
                        })
                .isPresent();
    }

    /** Forgets it; runs that were handed in stay. */
    public boolean delete(String name) {
        return jdbc.sql("delete from ingest_schedule where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** Hands in a run for now, whatever the expression says; its request's key. */
    public Optional<Long> runNow(String name) {
        return locked(name, row -> submit(row, now()));
    }

    /**
     * Hands in runs for past times.
     *
     * @param from first time, included when it is one of the schedule
     * @param until last time, included
     * @return the requests' keys
     */
    public Optional<List<Long>> backfill(String name, Instant from, Instant until) {
        return locked(
                name,
                row -> {
                    List<Long> keys = new ArrayList<>();
                    CronTimes times = CronTimes.of(row.cron(), row.zone());
                    for (Instant time : times.between(from.minusNanos(1), until, 10_000)) {
                        keys.add(submit(row, time));
                    }
                    return keys;
                });
    }

    private interface Change<T> {
        T of(ScheduleRow row);
    }

    private <T> Optional<T> locked(String name, Change<T> change) {
        return Optional.ofNullable(
                transaction.execute(status ->
                        jdbc.sql("select * from ingest_schedule where name = :name for update")
                                .param("name", name)
                                .query(Schedules::row)
                                .optional()
                                .map(change::of)
                                .orElse(null)));
    }

    /**
     * Hands in what is due by the database's clock.
     *
     * @return how many requests that made
     */
    public int handInDue() {
        return handInDue(now());
    }

    int handInDue(Instant now) {
        int all = 0;
        Optional<Integer> made = one(now);
        while (made.isPresent()) {
            all += made.get();
            made = one(now);
        }
        return all;
    }

    /** The schedule that has been due the longest and that nobody else is at. */
    private Optional<Integer> one(Instant now) {
        return Optional.ofNullable(
                transaction.execute(status ->
                        jdbc.sql(
                                        """
                                        select * from ingest_schedule where not paused and next_at <= :now
                                        order by next_at, name for update skip locked limit 1
                                        """)
                                .param("now", Rows.parameter(now))
                                .query(Schedules::row)
                                .optional()
                                .map(row -> due(row, now))
                                .orElse(null)));
    }

    private int due(ScheduleRow row, Instant now) {
        CronTimes cron = CronTimes.of(row.cron(), row.zone());
        List<Instant> times = new ArrayList<>();
        times.add(row.nextAt());
        times.addAll(cron.between(row.nextAt(), now, MOST_AT_ONCE - 1));
        Instant last = times.getLast();
        boolean more = cron.after(last).filter(next -> !next.isAfter(now)).isPresent();
        List<Instant> wanted =
                row.missed() == Missed.ALL ? times : more ? List.of() : List.of(last);
        long skipped = (long) times.size() - wanted.size();
        int made = 0;
        for (Instant time : wanted) {
            if (row.overlap() == Overlap.SKIP && made == 0 && busy(row)) {
                skipped += (long) wanted.size();
                break;
            }
            submit(row, time);
            made++;
        }
        jdbc.sql(
                        "update ingest_schedule set next_at = :next, skipped = skipped + :skipped where"
                                + " name = :name")
                .param("next", Rows.parameter(cron.after(last).orElse(NEVER)))
                .param("skipped", skipped)
                .param("name", row.name())
                .update();
        return made;
    }

    private boolean busy(ScheduleRow row) {
        return row.lastWork().isPresent()
                && jdbc.sql(
                                        "select count(*) from work_request where id = :id and state in"
                                                + " ('QUEUED', 'RUNNING')")
                                .param("id", row.lastWork().get())
                                .query(Long.class)
                                .single()
                        > 0;
    }

    private long submit(ScheduleRow row, Instant time) {
        ZoneId zone = ZoneId.of(row.zone());
        String payload =
                row.request()
                        .replace("{time}", TIME.format(time.atZone(zone)))
                        .replace("{date}", DATE.format(time.atZone(zone)));
        long id =
                queue.submit(
                        WorkKind.INGEST,
                        "ingest " + row.name() + " of " + time,
                        payload,
                        "schedule " + row.name());
        jdbc.sql(
                        "update ingest_schedule set last_at = :time, last_work = :work, runs = runs + 1"
                                + " where name = :name")
                .param("time", Rows.parameter(time))
                .param("work", id)
                .param("name", row.name())
                .update();
        return id;
    }

    private Instant now() {
        return jdbc.sql("select now()").query(OffsetDateTime.class).single().toInstant();
    }

    private static ScheduleRow row(ResultSet row, int number) throws SQLException {
        long work = row.getLong("last_work");
        Optional<Long> lastWork = row.wasNull() ? Optional.empty() : Optional.of(work);
        return new ScheduleRow(
                row.getString("name"),
                row.getString("cron"),
                row.getString("zone"),
                Overlap.valueOf(row.getString("overlap")),
                Missed.valueOf(row.getString("missed")),
                row.getString("request"),
                row.getBoolean("paused"),
                Rows.time(row, "next_at"),
                Rows.optionalTime(row, "last_at"),
                lastWork,
                row.getLong("runs"),
                row.getLong("skipped"),
                row.getString("created_by"));
    }
}
