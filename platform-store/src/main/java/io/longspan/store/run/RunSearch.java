package io.longspan.store.run;

import io.longspan.store.Rows;
import io.longspan.store.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks through runs and their numbers. Thread-safe. */
public final class RunSearch {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public RunSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Runs that pass, the one that began last first.
     *
     * @param state only in this state
     * @param text only with this in name, objective or data set, upper and lower case being equal
     * @param before only with a smaller key
     */
    public Slice<RunRow> page(
            Optional<RunState> state, Optional<String> text, Optional<Long> before, int limit) {
        StringBuilder sql = new StringBuilder("select * from training_run where true");
        state.ifPresent(s -> sql.append(" and state = :state"));
        before.ifPresent(key -> sql.append(" and id < :before"));
        text.ifPresent(t ->
                sql.append(
                        " and position(lower(:text) in lower(name || ' ' || objective || ' ' || data_set)) > 0"));
        JdbcClient.StatementSpec statement =
                jdbc.sql(sql.append(" order by id desc limit :limit").toString())
                        .param("limit", limit + 1);
        state.ifPresent(s -> statement.param("state", s.name()));
        before.ifPresent(key -> statement.param("before", key));
        text.ifPresent(t -> statement.param("text", Rows.text(t)));
        return Slice.of(statement.query(Runs::row).list(), limit, row -> Long.toString(row.id()));
    }

    /** Runs over a data set, alone or among others, the newest first. */
    public List<RunRow> ofDataSet(String folder, int limit) {
        return jdbc.sql(
                        """
                        select * from training_run
                        where id in (select id from training_run where data_set = :folder
                            union select run_id from training_run_data where folder = :folder)
                        order by id desc limit :limit
                        """)
                .param("folder", folder)
                .param("limit", limit)
                .query(Runs::row)
                .list();
    }

    /**
     * The least value of one number in each of some runs; a run without a finite one is left out.
     */
    public Map<Long, Metric> least(List<Long> runs, String name) {
        return extreme(runs, name, "value, step");
    }

    /** The latest value of one number in each of some runs. */
    public Map<Long, Metric> latest(List<Long> runs, String name) {
        return extreme(runs, name, "step desc");
    }

    private record Owned(long run, Metric metric) {}

    private Map<Long, Metric> extreme(List<Long> runs, String name, String order) {
        if (runs.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql(
                        """
                        select r.id, m.step, m.value from training_run r
                        cross join lateral (
                            select step, value from training_metric
                            where run_id = r.id and name = :name and value < 'infinity'
                            order by
                        """
                                + order
                                + " limit 1) m where r.id in (:runs)")
                .param("name", name)
                .param("runs", runs)
                .query((row, number) ->
                        new Owned(
                                row.getLong("id"),
                                new Metric(name, row.getLong("step"), row.getDouble("value"))))
                .list()
                .stream()
                .collect(Collectors.toMap(Owned::run, Owned::metric));
    }

    /** Names of the numbers that a run has, in order. */
    public List<String> names(long run) {
        // One step through the index per name, since a run has few names and many steps.
        return jdbc.sql(
                        """
                        with recursive names as (
                            (select name from training_metric where run_id = :run order by name limit 1)
                            union all
                            select (select m.name from training_metric m
                                    where m.run_id = :run and m.name > names.name order by m.name limit 1)
                            from names where names.name is not null)
                        select name from names where name is not null
                        """)
                .param("run", run)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /**
     * A curve, at most about {@code most} points of it: of each group of neighbouring steps the
     * least and the greatest value, and the last.
     */
    public List<Sample> curve(long run, String name, int most) {
        return jdbc.sql(
                        """
                        with ends as (
                            select (select step from training_metric where run_id = :run and name = :name order by step limit 1) as low,
                                (select step from training_metric where run_id = :run and name = :name order by step desc limit 1) as high),
                        points as (
                            select m.step, m.value, m.at, e.high,
                                (m.step - e.low) * :groups / greatest(e.high - e.low + 1, :groups) as bucket
                            from training_metric m cross join ends e
                            where m.run_id = :run and m.name = :name),
                        ranked as (
                            select *, row_number() over (partition by bucket order by value, step) as up,
                                row_number() over (partition by bucket order by value desc, step) as down
                            from points)
                        select step, value, at from ranked where up = 1 or down = 1 or step = high order by step
                        """)
                .param("run", run)
                .param("name", name)
                .param("groups", (long) Math.max(1, most / 2))
                .query((row, number) ->
                        new Sample(
                                row.getLong("step"), row.getDouble("value"), Rows.time(row, "at")))
                .list();
    }

    /** The run that made a model's version, if one is known to have. */
    public Optional<RunRow> of(OptionalLong run) {
        return run.isEmpty()
                ? Optional.empty()
                : jdbc.sql("select * from training_run where id = :id")
                        .param("id", run.getAsLong())
                        .query(Runs::row)
                        .optional();
    }

    /**
     * A point of a curve.
     *
     * @param step that it belongs to
     * @param value measured
     * @param at when it was measured
     */
    public record Sample(long step, double value, Instant at) {}
}
