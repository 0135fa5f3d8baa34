package io.longspan.store.run;

import io.longspan.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs, their metrics and their checkpoints. Thread-safe. */
public final class Runs {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public Runs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Notes that a run begins; a run that had begun in the same output folder goes on under its
     * key. What was left half done is completed by doing it again.
     */
    public long begin(NewRun run) {
        long id = insert(run);
        RunOrigin origin = run.origin();
        jdbc.sql(
                        """
                        update training_run
                        set code_version = :code, settings_digest = :settings, data_digest = :data, parameters = :parameters
                        where id = :run
                        """)
                .param("code", origin.codeVersion())
                .param("settings", origin.settingsDigest())
                .param("data", origin.dataDigest())
                .param("parameters", origin.parameters())
                .param("run", id)
                .update();
        for (int place = 0; place < origin.data().size(); place++) {
            RunData data = origin.data().get(place);
            jdbc.sql(
                            """
                            insert into training_run_data (run_id, place, name, folder, weight)
                            values (:run, :place, :name, :folder, :weight)
                            on conflict (run_id, place) do update
                            set name = excluded.name, folder = excluded.folder, weight = excluded.weight
                            """)
                    .param("run", id)
                    .param("place", place)
                    .param("name", data.name())
                    .param("folder", data.folder())
                    .param("weight", data.weight())
                    .update();
        }
        jdbc.sql("delete from training_run_data where run_id = :run and place >= :places")
                .param("run", id)
                .param("places", origin.data().size())
                .update();
        return id;
    }

    private long insert(NewRun run) {
        return jdbc.sql(
                        """
                        insert into training_run
                            (name, objective, state, config, output, data_set, backend, backend_version, total_steps)
                        values (:name, :objective, 'RUNNING', cast(:config as jsonb), :output, :dataSet, :backend,
                            :backendVersion, :totalSteps)
                        on conflict (output) do update
                        set name = excluded.name, objective = excluded.objective, state = 'RUNNING', config = excluded.config,
                            data_set = excluded.data_set, backend = excluded.backend,
                            backend_version = excluded.backend_version, total_steps = excluded.total_steps,
                            message = '', updated_at = now(), ended_at = null
                        returning id
                        """)
                .paramSource(run)
                .query(Long.class)
                .single();
    }

    /** Notes a number; measured again after a resume, it replaces the earlier one. */
    public void metric(long run, Metric metric) {
        jdbc.sql(
                        """
                        insert into training_metric (run_id, name, step, value) values (:run, :name, :step, :value)
                        on conflict (run_id, name, step) do update set value = excluded.value, at = now()
                        """)
                .param("run", run)
                .param("name", metric.name())
                .param("step", metric.step())
                .param("value", metric.value())
                .update();
        if (metric.name().equals(Metric.HELD_OUT_LOSS)) {
            jdbc.sql(
                            """
                            update training_run
                            set first_loss = case when :step = 0 or first_loss is null then :value else first_loss end,
                                last_loss = :value, step = greatest(step, :step), updated_at = now()
                            where id = :run
                            """)
                    .param("run", run)
                    .param("step", metric.step())
                    .param("value", metric.value())
                    .update();
        } else {
            jdbc.sql("update training_run set step = :step, updated_at = now() where id = :run")
                    .param("run", run)
                    .param("step", metric.step())
                    .update();
        }
    }

    /** Notes numbers in one step, in the order of the list as if each were noted alone. */
    public void metrics(long run, List<Metric> metrics) {
        Map<String, Metric> last = new LinkedHashMap<>();
        Long step = null;
        Metric heldOut = null;
        Metric first = null;
        for (Metric metric : metrics) {
            last.put(metric.step() + " " + metric.name(), metric);
            if (!metric.name().equals(Metric.HELD_OUT_LOSS)) {
                step = metric.step();
            } else {
                heldOut = metric;
                first = first == null || metric.step() == 0 ? metric : first;
            }
        }
        List<Metric> rows = List.copyOf(last.values());
        jdbc.sql(
                        """
                        with numbers as (
                            insert into training_metric (run_id, name, step, value)
                            select :run, n.name, n.step, n.value
                            from unnest(:names::text[], :steps::bigint[], :values::double precision[]) as n (name, step, value)
                            on conflict (run_id, name, step) do update set value = excluded.value, at = now())
                        update training_run
                        set step = greatest(coalesce(:step::bigint, step), :heldOutStep::bigint),
                            first_loss = case when :firstStep::bigint = 0 then :first::double precision
                                else coalesce(first_loss, :first::double precision) end,
                            last_loss = coalesce(:heldOut::double precision, last_loss), updated_at = now()
                        where id = :run
                        """)
                .param("run", run)
                .param("names", rows.stream().map(Metric::name).toArray(String[]::new))
                .param("steps", rows.stream().mapToLong(Metric::step).toArray())
                .param("values", rows.stream().mapToDouble(Metric::value).toArray())
                .param("step", step, Types.BIGINT)
                .param("heldOutStep", heldOut == null ? null : heldOut.step(), Types.BIGINT)
                .param("heldOut", heldOut == null ? null : heldOut.value(), Types.DOUBLE)
                .param("firstStep", first == null ? null : first.step(), Types.BIGINT)
                .param("first", first == null ? null : first.value(), Types.DOUBLE)
                .update();
    }

    /** Notes a checkpoint. */
    public void checkpoint(long run, long step, String folder, String digest) {
        jdbc.sql(
                        """
                        insert into training_checkpoint (run_id, step, folder, digest) values (:run, :step, :folder, :digest)
                        on conflict (run_id, step) do update
                        set folder = excluded.folder, digest = excluded.digest, at = now()
                        """)
                .param("run", run)
                .param("step", step)
                .param("folder", folder)
                .param("digest", digest)
                .update();
    }

    /** Notes the end. */
    public void end(long run, RunState state, String message) {
        jdbc.sql(
                        """
                        update training_run set state = :state, message = :message, updated_at = now(), ended_at = now()
                        where id = :run
                        """)
                .param("state", state.name())
                .param("message", Rows.text(message))
                .param("run", run)
                .update();
    }

    /** One run. */
    public Optional<RunRow> find(long run) {
        return jdbc.sql("select * from training_run where id = :run")
                .param("run", run)
                .query(Runs::row)
                .optional();
    }

    /** What made a run's numbers. */
    public RunOrigin origin(RunRow run) {
        List<RunData> data =
                jdbc.sql("select * from training_run_data where run_id = :run order by place")
                        .param("run", run.id())
                        .query((row, number) ->
                                new RunData(
                                        row.getString("name"),
                                        row.getString("folder"),
                                        row.getDouble("weight")))
                        .list();
        return jdbc.sql("select * from training_run where id = :run")
                .param("run", run.id())
                .query((row, number) ->
                        new RunOrigin(
                                row.getString("code_version"),
                                row.getString("settings_digest"),
                                row.getString("data_digest"),
                                row.getLong("parameters"),
                                data.isEmpty() ? RunOrigin.of(run.dataSet()).data() : data))
                .single();
    }

    /** The run of an output folder. */
    public Optional<RunRow> findByOutput(String output) {
        return jdbc.sql("select * from training_run where output = :output")
                .param("output", output)
                .query(Runs::row)
                .optional();
    }

    /** The newest runs, newest first. */
    public List<RunRow> list(int limit) {
        return jdbc.sql("select * from training_run order by started_at desc, id desc limit :limit")
                .param("limit", limit)
                .query(Runs::row)
                .list();
    }

    /** The last numbers of one name, the last first. */
    public List<Metric> lastMetrics(long run, String name, int limit) {
        return jdbc.sql(
                        """
                        select name, step, value from training_metric
                        where run_id = :run and name = :name order by step desc limit :limit
                        """)
                .param("run", run)
                .param("name", name)
                .param("limit", limit)
                .query(Runs::metricRow)
                .list();
    }

    /**
     * Numbers of one name in order of their steps.
     *
     * @param after only later steps; -1 for all
     */
    public List<Metric> metrics(long run, String name, long after) {
        return jdbc.sql(
                        """
                        select name, step, value from training_metric
                        where run_id = :run and name = :name and step > :after order by step
                        """)
                .param("run", run)
                .param("name", name)
                .param("after", after)
                .query(Runs::metricRow)
                .list();
    }

    /**
     * Numbers of several names, by name, in order of their steps.
     *
     * @param names which; a name without numbers is left out of the answer
     * @param after only later steps; -1 for all
     */
    public Map<String, List<Metric>> metrics(long run, Set<String> names, long after) {
        if (names.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql(
                        """
                        select name, step, value from training_metric
                        where run_id = :run and name in (:names) and step > :after order by name, step
                        """)
                .param("run", run)
                .param("names", names)
                .param("after", after)
                .query(Runs::metricRow)
                .list()
                .stream()
                .collect(
                        Collectors.groupingBy(
                                Metric::name, LinkedHashMap::new, Collectors.toList()));
    }

    /** Checkpoints of a run, the latest first. */
    public List<CheckpointRow> checkpoints(long run) {
        return jdbc.sql("select * from training_checkpoint where run_id = :run order by step desc")
                .param("run", run)
                .query((row, number) ->
                        new CheckpointRow(
                                row.getLong("step"),
                                row.getString("folder"),
                                row.getString("digest"),
                                Rows.time(row, "at")))
                .list();
    }

    private static Metric metricRow(ResultSet row, int number) throws SQLException {
        return new Metric(row.getString("name"), row.getLong("step"), row.getDouble("value"));
    }

    static RunRow row(ResultSet row, int number) throws SQLException {
        return new RunRow(
                row.getLong("id"),
                row.getString("name"),
                row.getString("objective"),
                RunState.valueOf(row.getString("state")),
                row.getString("config"),
                row.getString("output"),
                row.getString("data_set"),
                row.getString("backend"),
                row.getString("backend_version"),
                row.getLong("step"),
                row.getLong("total_steps"),
                Rows.optionalNumber(row, "first_loss"),
                Rows.optionalNumber(row, "last_loss"),
                row.getString("message"),
                Rows.time(row, "started_at"),
                Rows.time(row, "updated_at"),
                Rows.optionalTime(row, "ended_at"));
    }
}
