package io.longspan.store.work;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads Spring Batch's own tables. Thread-safe. */
public final class JobExecutions {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public JobExecutions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Executions that wrote a data set, the newest first, with their steps. */
    public List<JobExecution> ofDataSet(String folder, int limit) {
        List<Long> keys =
                jdbc.sql(
                                """
                                select job_execution_id from batch_job_execution_params
                                where parameter_name = 'out' and parameter_value = :folder
                                order by job_execution_id desc limit :limit
                                """)
                        .param("folder", folder)
                        .param("limit", limit)
                        .query((row, number) -> row.getLong(1))
                        .list();
        return keys.isEmpty() ? List.of() : read(keys);
    }

    private List<JobExecution> read(List<Long> keys) {
        Map<Long, Map<String, String>> parameters = parameters(keys);
        Map<Long, List<JobExecution.Step>> steps = steps(keys);
        return jdbc.sql(
                        """
                        select e.*, i.job_name from batch_job_execution e join batch_job_instance i using (job_instance_id)
                        where job_execution_id in (:keys) order by job_execution_id desc
                        """)
                .param("keys", keys)
                .query((row, number) -> {
                    long id = row.getLong("job_execution_id");
                    return new JobExecution(
                            id,
                            row.getString("job_name"),
                            text(row, "status"),
                            text(row, "exit_code"),
                            text(row, "exit_message"),
                            row.getObject("create_time", LocalDateTime.class),
                            time(row, "start_time"),
                            time(row, "end_time"),
                            parameters.getOrDefault(id, Map.of()),
                            steps.getOrDefault(id, List.of()));
                })
                .list();
    }

    private Map<Long, Map<String, String>> parameters(List<Long> keys) {
        Map<Long, Map<String, String>> all = new LinkedHashMap<>();
        jdbc.sql(
                        """
                        select job_execution_id, parameter_name, parameter_value from batch_job_execution_params
                        where job_execution_id in (:keys) order by parameter_name
                        """)
                .param("keys", keys)
                .query(row -> {
                    all.computeIfAbsent(row.getLong("job_execution_id"), k -> new LinkedHashMap<>())
                            .put(row.getString("parameter_name"), text(row, "parameter_value"));
                });
        return all;
    }

    private record Owned(long execution, JobExecution.Step step) {}

    private Map<Long, List<JobExecution.Step>> steps(List<Long> keys) {
        return jdbc
                .sql(
                        """
                        select * from batch_step_execution where job_execution_id in (:keys)
                        order by step_execution_id
                        """)
                .param("keys", keys)
                .query((row, number) -> new Owned(row.getLong("job_execution_id"), step(row)))
                .list()
                .stream()
                .collect(
                        Collectors.groupingBy(
                                Owned::execution,
                                Collectors.mapping(Owned::step, Collectors.toList())));
    }

    private static JobExecution.Step step(ResultSet row) throws SQLException {
        return new JobExecution.Step(
                row.getLong("step_execution_id"),
                row.getString("step_name"),
                text(row, "status"),
                row.getLong("read_count"),
                row.getLong("write_count"),
                row.getLong("filter_count"),
                row.getLong("read_skip_count")
                        + row.getLong("write_skip_count")
                        + row.getLong("process_skip_count"),
                row.getLong("commit_count"),
                row.getLong("rollback_count"),
                text(row, "exit_message"),
                time(row, "start_time"),
                time(row, "end_time"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }

    private static Optional<LocalDateTime> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, LocalDateTime.class));
    }
}
