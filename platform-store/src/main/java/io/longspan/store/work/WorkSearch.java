package io.longspan.store.work;

import io.longspan.store.Rows;
import io.longspan.store.Slice;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks through the requests for work. Thread-safe. */
public final class WorkSearch {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public WorkSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Requests that pass, the newest first; the next piece begins before the key given. */
    public Slice<WorkRow> page(WorkQuery query) {
        StringBuilder sql = new StringBuilder("select * from work_request where true");
        query.kind().ifPresent(kind -> sql.append(" and kind = :kind"));
        query.state().ifPresent(state -> sql.append(" and state = :state"));
        query.before().ifPresent(key -> sql.append(" and id < :before"));
        query.text()
                .ifPresent(text ->
                        sql.append(
                                " and position(lower(:text) in lower(title || ' ' || requested_by || ' ' || message)) > 0"));
        JdbcClient.StatementSpec statement =
                jdbc.sql(sql.append(" order by id desc limit :limit").toString())
                        .param("limit", query.limit() + 1);
        query.kind().ifPresent(kind -> statement.param("kind", kind.name()));
        query.state().ifPresent(state -> statement.param("state", state.name()));
        query.before().ifPresent(key -> statement.param("before", key));
        query.text().ifPresent(text -> statement.param("text", Rows.text(text)));
        return Slice.of(
                statement.query(WorkQueue::row).list(),
                query.limit(),
                row -> Long.toString(row.id()));
    }

    /** How many requests are in each state. */
    public Map<WorkState, Long> counts() {
        Map<WorkState, Long> counts = new EnumMap<>(WorkState.class);
        for (WorkState state : WorkState.values()) {
            counts.put(state, 0L);
        }
        jdbc.sql("select state, count(*) as n from work_request group by state")
                .query((row, number) ->
                        Map.entry(WorkState.valueOf(row.getString("state")), row.getLong("n")))
                .list()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** The last request of a kind, to ask for the same again. */
    public Optional<WorkRow> last(WorkKind kind) {
        return jdbc.sql("select * from work_request where kind = :kind order by id desc limit 1")
                .param("kind", kind.name())
                .query(WorkQueue::row)
                .optional();
    }

    /** Requests that made a data set, the newest first. */
    public List<WorkRow> ofDataSet(String folder, int limit) {
        return jdbc.sql(
                        "select * from work_request where kind = 'INGEST' and payload ->> 'out' = :folder"
                                + " order by id desc limit :limit")
                .param("folder", folder)
                .param("limit", limit)
                .query(WorkQueue::row)
                .list();
    }

    /** Requests that trained a run, the newest first. */
    public List<WorkRow> ofRun(String output, int limit) {
        return jdbc.sql(
                        "select * from work_request where kind = 'TRAIN' and payload ->> 'output' = :output"
                                + " order by id desc limit :limit")
                .param("output", output)
                .param("limit", limit)
                .query(WorkQueue::row)
                .list();
    }
}
