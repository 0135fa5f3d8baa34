package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every page over a full database. The build fills in 100,000 inferences; {@code
 * -Dadmin.scale=1000000} fills in a million, and {@code -Dadmin.pageMillis=300} asks for the time
 * that a machine of its own must keep.
 */
final class ScaleTest {
    private static final int INFERENCES = Integer.getInteger("admin.scale", 100_000);
    private static final int PAGE_MILLIS = Integer.getInteger("admin.pageMillis", 2000);
    private static final int ROUNDS = 3;

    @Test
    void everyPageOfAFullDatabaseIsFast(@TempDir Path folder) {
        try (ConsoleUnderTest console = ConsoleUnderTest.start(folder)) {
            fill(console.store());
            List<String> slow = new ArrayList<>();
            try (Browser admin =
                    Browser.as(console.address(), "admin", ConsoleUnderTest.ADMIN_PASSWORD)) {
                for (String path : paths(console.store())) {
                    long best = Long.MAX_VALUE;
                    for (int i = 0; i < ROUNDS && best > PAGE_MILLIS; i++) {
                        long start = System.nanoTime();
                        assertThat(admin.get(path).statusCode()).as(path).isEqualTo(200);
                        best = Math.min(best, (System.nanoTime() - start) / 1_000_000);
                    }
                    System.out.printf(
                            Locale.ROOT, "%,d inferences: %4d ms %s%n", INFERENCES, best, path);
                    if (best > PAGE_MILLIS) {
                        slow.add(path + " took " + best + " ms");
                    }
                }
                assertThat(admin.get("/inferences?window=7d&caller=caller-3").body())
                        .contains("caller-3");
            }
            assertThat(slow).isEmpty();
        }
    }

    private static List<String> paths(Store store) {
        JdbcClient jdbc = TestRows.jdbc(store);
        long job =
                jdbc.sql("select max(id) from work_request where kind = 'INGEST'")
                        .query(Long.class)
                        .single();
        String call =
                jdbc.sql("select id::text from inference limit 1").query(String.class).single();
        return List.of(
                "/",
                "/jobs",
                "/jobs?state=FAILED",
                "/jobs?kind=TRAIN&before=5000",
                "/jobs?q=nowhere-to-be-found",
                "/jobs/" + job,
                "/schedules",
                "/corpora",
                "/corpora/1",
                "/runs",
                "/runs?col=best&col=loss&col=speed",
                "/runs/500",
                "/runs/compare?run=500&run=499&run=498&run=497&metric=loss",
                "/models",
                "/models/model-3",
                "/backends",
                "/playground",
                "/inferences",
                "/inferences?window=24h",
                "/inferences?window=7d",
                "/inferences?caller=caller-3",
                "/inferences?model=m2&status=!OK",
                "/inferences/" + call,
                "/keys",
                "/users",
                "/audit",
                "/audit?actor=actor-2",
                "/system",
                "/api/v1/curves?run=500&metric=loss",
                "/api/v1/traffic?minutes=1440",
                "/api/v1/jobs/" + job);
    }

    /** A month of inferences, and what a busy platform gathers beside them. */
    private static void fill(Store store) {
        JdbcClient jdbc = TestRows.jdbc(store);
        // As the server does before it writes.
        jdbc.sql(
                        """
                        select inference_month(first)
                        from generate_series(date_trunc('month', now() - interval '30 days'), now(), interval '1 month') first
                        """)
                .query()
                .listOfRows();
        jdbc.sql(
                        """
                        insert into inference (id, at, caller, method, model, model_version, backend, backend_version, precision, tokens,
                            tokenize_nanos, queue_nanos, compute_nanos, total_nanos, batch_size, status, message, payload_digest)
                        select gen_random_uuid(), now() - (i::double precision * 30 / :n) * interval '1 day', 'caller-' || i % 50,
                            'longspan.v1.Inference/' || (array['Embed', 'FillMask', 'Classify'])[1 + i % 3], 'm' || i % 5, '1', 'fused', '1',
                            'fp32', i % 4096, 1000, 2000, i % 100000, 1000000 + (i * 7919::bigint) % 90000000, 4,
                            case when i % 97 = 0 then 'INTERNAL' else 'OK' end, '', repeat('0', 64)
                        from generate_series(1, :n) i
                        """)
                .param("n", INFERENCES)
                .update();
        jdbc.sql(
                        """
                        insert into work_request (kind, title, payload, state, requested_by, message, started_at, ended_at)
                        select case when i % 3 = 0 then 'TRAIN' else 'INGEST' end, 'job ' || i,
                            jsonb_build_object('out', '/sets/' || i % 500, 'output', '/runs/' || i % 500),
                            (array['DONE', 'DONE', 'FAILED', 'STOPPED'])[1 + i % 4], 'actor-' || i % 7, 'message', now(), now()
                        from generate_series(1, 10000) i
                        """)
                .update();
        jdbc.sql(
                        "insert into batch_job_instance select i, 0, 'ingest', 'k' || i from generate_series(1, 10000) i")
                .update();
        jdbc.sql(
                        """
                        insert into batch_job_execution (job_execution_id, version, job_instance_id, create_time, start_time, end_time, status)
                        select i, 0, i, now(), now(), now(), 'COMPLETED' from generate_series(1, 10000) i
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into batch_job_execution_params
                        select i, 'out', 'java.lang.String', '/sets/' || i % 500, 'N' from generate_series(1, 10000) i
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time, start_time,
                            end_time, status, commit_count, read_count, filter_count, write_count, read_skip_count, write_skip_count,
                            process_skip_count, rollback_count)
                        select i * 4 + s, 0, 'step' || s, i, now(), now(), now(), 'COMPLETED', 1, 1, 1, 1, 0, 0, 0, 0
                        from generate_series(1, 10000) i, generate_series(0, 3) s
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into data_set (name, folder, corpus, state, manifest)
                        select 'set ' || i, '/sets/' || i, 'text', 'READY', '{"totals": {"read": 1, "written": 1, "dropped": {"x": 1}}}'
                        from generate_series(0, 499) i
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into training_run (name, objective, state, config, output, data_set, backend, backend_version, step, total_steps)
                        select 'run ' || i, 'masked-lm', 'DONE', jsonb_build_object('seed', i), '/runs/' || i, '/sets/' || i % 500, 'fused', '1', 2000, 2000
                        from generate_series(1, 500) i
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into training_metric (run_id, name, step, value)
                        select id, n, s, 10.0 / s + random() from training_run, unnest(array['loss', 'held_out_loss', 'tokens_per_second']) n,
                            generate_series(1, case when id > 490 then 20000 else 100 end) s
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into model (name, version, folder, digest, task, architecture, parameters, max_tokens, run_id)
                        select 'model-' || i % 20, i::text, '/m', 'd', 't', 'a', 1, 1, i from generate_series(1, 200) i
                        """)
                .update();
        jdbc.sql(
                        """
                        insert into audit (actor, action, subject) select 'actor-' || i % 9, 'work.stop', 'work_request ' || i
                        from generate_series(1, 20000) i
                        """)
                .update();
        jdbc.sql("vacuum analyze").update();
    }
}
