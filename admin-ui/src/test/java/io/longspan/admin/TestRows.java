package io.longspan.admin;

import io.longspan.store.Store;
import io.longspan.store.node.NodeRow;
import io.longspan.store.run.NewRun;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows that other processes would write. */
final class TestRows {
    private TestRows() {}

    static JdbcClient jdbc(Store store) {
        return JdbcClient.create(store.dataSource());
    }

    /** A server says that it lives. */
    static void server(Store store, long id, String address) {
        store.nodes()
                .beat(
                        new NodeRow(
                                new UUID(0, id),
                                "serve",
                                "here",
                                1,
                                "1",
                                address,
                                Optional.empty(),
                                Instant.EPOCH,
                                Instant.EPOCH,
                                Optional.empty()));
    }

    /** An execution with a step that failed and one that went well. */
    static void execution(Store store, long id, String out, String trace) {
        JdbcClient jdbc = jdbc(store);
        jdbc.sql("insert into batch_job_instance values (:id, 0, 'ingest', :key)")
                .param("id", id)
                .param("key", "key" + id)
                .update();
        jdbc.sql(
                        """
                        insert into batch_job_execution (job_execution_id, version, job_instance_id, create_time, start_time,
                            end_time, status, exit_code, exit_message)
                        values (:id, 0, :id, now(), now(), now() + interval '9 seconds', 'FAILED', 'FAILED', '')
                        """)
                .param("id", id)
                .update();
        jdbc.sql(
                        """
                        insert into batch_job_execution_params values (:id, 'out', 'java.lang.String', :out, 'N')
                        """)
                .param("id", id)
                .param("out", out)
                .update();
        step(jdbc, id * 10, id, "plan", "COMPLETED", 1234, "");
        step(jdbc, id * 10 + 1, id, "lanes:partition7", "FAILED", 5, trace);
    }

    private static void step(
            JdbcClient jdbc,
            long id,
            long execution,
            String name,
            String status,
            long read,
            String trace) {
        jdbc.sql(
                        """
                        insert into batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time,
                            start_time, end_time, status, commit_count, read_count, filter_count, write_count, read_skip_count,
                            write_skip_count, process_skip_count, rollback_count, exit_code, exit_message)
                        values (:id, 0, :name, :execution, now(), now(), now() + interval '4 seconds', :status, 1, :read, 0, :read,
                            0, 0, 0, 0, :status, :trace)
                        """)
                .param("id", id)
                .param("name", name)
                .param("execution", execution)
                .param("status", status)
                .param("read", read)
                .param("trace", trace)
                .update();
    }

    static long run(Store store, String name, String output, String dataSet) {
        return store.runs()
                .begin(
                        new NewRun(
                                name,
                                "masked-lm",
                                "{\"seed\": 17, \"steps\": 100}",
                                output,
                                dataSet,
                                "loop",
                                "1",
                                100));
    }
}
