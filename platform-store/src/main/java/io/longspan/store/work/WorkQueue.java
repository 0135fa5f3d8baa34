package io.longspan.store.work;

import io.longspan.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Requests for work. Asking, reading and stopping is for everybody; taking, beating and ending is
 * for workers. A request is never done by two workers that both hold it: whoever lost it to another
 * is told by {@link #beat} and by the ends, which then change nothing. Thread-safe.
 */
public final class WorkQueue {
    /**
     * Workers that may be lost with one request before it is given up: it may be what kills them.
     */
    public static final int MOST_LOST = 20;

    private final JdbcClient jdbc;

    /** Over an open database. */
    public WorkQueue(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Asks for work.
     *
     * @param payload JSON
     * @return the request's key
     */
    public long submit(WorkKind kind, String title, String payload, String requestedBy) {
        return jdbc.sql(
                        """
                        insert into work_request (kind, title, payload, requested_by)
                        values (:kind, :title, cast(:payload as jsonb), :by)
                        returning id
                        """)
                .param("kind", kind.name())
                .param("title", Rows.text(title))
                .param("payload", payload)
                .param("by", requestedBy)
                .query(Long.class)
                .single();
    }

    /**
     * Takes the oldest request that waits, or that was lost with a worker whose heartbeat is older
     * than {@code dead}. What was lost too often is given up, and what was lost while it was asked
     * to stop has stopped. Two workers never get the same one.
     *
     * @param worker name, unique among workers
     * @param kinds that this worker can do, at least one
     */
    public Optional<WorkRow> take(String worker, Set<WorkKind> kinds, Duration dead) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "worker '" + worker + "' can do no kind of work; give it at least one");
        }
        endLost(dead);
        return jdbc.sql(
                        """
                        update work_request
                        set lost = lost + case when state = 'RUNNING' then 1 else 0 end, state = 'RUNNING', worker = :worker,
                            attempt = attempt + 1, heartbeat_at = now(), started_at = coalesce(started_at, now()), message = ''
                        where id = (
                            select id from work_request
                            where kind in (:kinds)
                              and (state = 'QUEUED'
                                   or state = 'RUNNING' and heartbeat_at < now() - make_interval(secs => :dead))
                            order by id
                            for update skip locked
                            limit 1)
                        returning *
                        """)
                .param("worker", worker)
                .param("kinds", kinds.stream().map(WorkKind::name).toList())
                .param("dead", seconds(dead))
                .query(WorkQueue::row)
                .optional();
    }

    /**
     * Says that the worker lives and how far it is.
     *
     * @return whether to go on, to stop at the next good moment, or to drop everything because
     *     another worker has the request
     */
    public Beat beat(WorkRow held, long done, long total, String note) {
        return jdbc.sql(
                        """
                        update work_request set heartbeat_at = now(), done = :done, total = :total, note = :note
                        where id = :id and worker = :worker and attempt = :attempt and state = 'RUNNING'
                        returning stop_requested
                        """)
                .param("done", done)
                .param("total", total)
                .param("note", Rows.text(note))
                .param("id", held.id())
                .param("worker", held.worker().orElse(""))
                .param("attempt", held.attempt())
                .query(Boolean.class)
                .optional()
                .map(stop -> stop ? Beat.STOP : Beat.GO_ON)
                .orElse(Beat.LOST);
    }

    /** Ends a request that went well; false when another worker has it. */
    public boolean done(WorkRow held, String result) {
        return end(held, WorkState.DONE, "", Optional.of(result));
    }

    /** Ends a request that failed; false when another worker has it. */
    public boolean failed(WorkRow held, String message) {
        return end(held, WorkState.FAILED, message, Optional.empty());
    }

    /** Ends a request that was stopped; false when another worker has it. */
    public boolean stopped(WorkRow held, String message) {
        return end(held, WorkState.STOPPED, message, Optional.empty());
    }

    /**
     * Gives a request back, unended, for another worker to go on with; one that was asked to stop
     * has stopped. False when another worker has it.
     */
    public boolean release(WorkRow held) {
        return jdbc.sql(
                                """
                                update work_request
                                set state = case when stop_requested then 'STOPPED' else 'QUEUED' end,
                                    ended_at = case when stop_requested then now() end
                                where id = :id and worker = :worker and attempt = :attempt and state = 'RUNNING'
                                """)
                        .param("id", held.id())
                        .param("worker", held.worker().orElse(""))
                        .param("attempt", held.attempt())
                        .update()
                == 1;
    }

    /**
     * Asks for the end of a request: one that waits is stopped at once, one that runs is told with
     * its next beat.
     *
     * @return whether there was something to stop
     */
    public boolean requestStop(long id) {
        return jdbc.sql(
                                """
                                update work_request
                                set stop_requested = true,
                                    ended_at = case when state = 'QUEUED' then now() end,
                                    state = case when state = 'QUEUED' then 'STOPPED' else state end
                                where id = :id and state in ('QUEUED', 'RUNNING')
                                """)
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Queues a request again that failed or was stopped; it goes on where it ended.
     *
     * @return whether it had ended that way
     */
    public boolean restart(long id) {
        return jdbc.sql(
                                """
                                update work_request
                                set state = 'QUEUED', stop_requested = false, lost = 0, message = '', ended_at = null
                                where id = :id and state in ('FAILED', 'STOPPED')
                                """)
                        .param("id", id)
                        .update()
                == 1;
    }

    /** One request. */
    public Optional<WorkRow> find(long id) {
        return jdbc.sql("select * from work_request where id = :id")
                .param("id", id)
                .query(WorkQueue::row)
                .optional();
    }

    /** The newest requests, newest first. */
    public List<WorkRow> list(int limit) {
        return jdbc.sql("select * from work_request order by id desc limit :limit")
                .param("limit", limit)
                .query(WorkQueue::row)
                .list();
    }

    /**
     * The newest requests of some kinds in some states, newest first.
     *
     * @param kinds any of these; empty for all
     * @param states any of these; empty for all
     */
    public List<WorkRow> list(Set<WorkKind> kinds, Set<WorkState> states, int limit) {
        return jdbc.sql(
                        """
                        select * from work_request where kind in (:kinds) and state in (:states)
                        order by id desc limit :limit
                        """)
                .param("kinds", names(kinds, WorkKind.values()))
                .param("states", names(states, WorkState.values()))
                .param("limit", limit)
                .query(WorkQueue::row)
                .list();
    }

    private static <E extends Enum<E>> List<String> names(Set<E> some, E[] all) {
        return (some.isEmpty() ? Arrays.stream(all) : some.stream()).map(Enum::name).toList();
    }

    private void endLost(Duration dead) {
        jdbc.sql(
                        """
                        update work_request
                        set state = case when stop_requested then 'STOPPED' else 'FAILED' end, ended_at = now(),
                            message = case when stop_requested then 'its worker was lost before it had stopped'
                                else 'given up after ' || lost + 1 || ' workers were lost with it; restart it when you know why' end
                        where state = 'RUNNING' and (lost >= :most or stop_requested)
                          and heartbeat_at < now() - make_interval(secs => :dead)
                        """)
                .param("most", MOST_LOST)
                .param("dead", seconds(dead))
                .update();
    }

    private boolean end(WorkRow held, WorkState state, String message, Optional<String> result) {
        return jdbc.sql(
                                """
                                update work_request
                                set state = :state, message = :message, result = cast(:result as jsonb), ended_at = now()
                                where id = :id and worker = :worker and attempt = :attempt and state = 'RUNNING'
                                """)
                        .param("state", state.name())
                        .param("message", Rows.text(message))
                        .param("result", Rows.orNull(result))
                        .param("id", held.id())
                        .param("worker", held.worker().orElse(""))
                        .param("attempt", held.attempt())
                        .update()
                == 1;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    static WorkRow row(ResultSet row, int number) throws SQLException {
        return new WorkRow(
                row.getLong("id"),
                WorkKind.valueOf(row.getString("kind")),
                row.getString("title"),
                row.getString("payload"),
                WorkState.valueOf(row.getString("state")),
                row.getBoolean("stop_requested"),
                row.getInt("attempt"),
                row.getInt("lost"),
                Rows.optionalText(row, "worker"),
                Rows.optionalTime(row, "heartbeat_at"),
                row.getLong("done"),
                row.getLong("total"),
                row.getString("note"),
                row.getString("message"),
                Rows.optionalText(row, "result"),
                row.getString("requested_by"),
                Rows.time(row, "created_at"),
                Rows.optionalTime(row, "started_at"),
                Rows.optionalTime(row, "ended_at"));
    }
}
