package io.longspan.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Says cheaply whether anything changed: one statement that reads along indexes, whatever the size
 * of the tables. Thread-safe.
 */
public final class Pulse {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public Pulse(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A mark per topic; one that differs from an earlier one means news. Topics: {@code work},
     * {@code runs}, {@code data}, {@code inferences}, {@code nodes}, {@code models}, {@code
     * schedules}.
     */
    public Map<String, String> marks() {
        return jdbc.sql(
                        """
                        select
                          (select concat(max(id), ' ', (select max(ended_at) from work_request where ended_at is not null), ' ',
                              (select md5(string_agg(concat_ws('/', id, state, stop_requested, attempt, done, total, note), ',' order by id))
                               from work_request where state in ('QUEUED', 'RUNNING')))
                           from work_request) as work,
                          (select max(updated_at) from training_run) as runs,
                          (select max(updated_at) from data_set) as data,
                          (select id from inference order by at desc, id desc limit 1) as inferences,
                          (select string_agg(id::text, ',' order by id) from node
                           where ended_at is null and heartbeat_at > now() - interval '30 seconds') as nodes,
                          (select max(id) from model) as models,
                          (select md5(string_agg(concat_ws('/', name, paused, next_at, runs, skipped), ',' order by name))
                           from ingest_schedule) as schedules
                        """)
                .query((row, number) -> {
                    Map<String, String> marks = new LinkedHashMap<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        marks.put(
                                row.getMetaData().getColumnName(i),
                                String.valueOf(row.getString(i)));
                    }
                    return marks;
                })
                .single();
    }
}
