package io.longspan.store.node;

import io.longspan.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of processes. Thread-safe. */
public final class Nodes {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public Nodes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes that a process lives; the times of the row are the database's own. */
    public void beat(NodeRow node) {
        jdbc.sql(
                        """
                        insert into node (id, roles, host, pid, version, address, selection_report)
                        values (:id, :roles, :host, :pid, :version, :address, cast(:report as jsonb))
                        on conflict (id) do update
                        set roles = excluded.roles, address = excluded.address, heartbeat_at = now(), ended_at = null,
                            selection_report = coalesce(excluded.selection_report, node.selection_report)
                        """)
                .param("id", node.id())
                .param("roles", node.roles())
                .param("host", node.host())
                .param("pid", node.pid())
                .param("version", node.version())
                .param("address", node.address())
                .param("report", Rows.orNull(node.selectionReport()))
                .update();
    }

    /** Notes that a process has ended in order. */
    public void end(UUID id) {
        jdbc.sql("update node set ended_at = now() where id = :id").param("id", id).update();
    }

    /** Processes that have not ended and whose heartbeat is not older than {@code dead}. */
    public List<NodeRow> alive(Duration dead) {
        return jdbc.sql(
                        """
                        select * from node
                        where ended_at is null and heartbeat_at > now() - make_interval(secs => :dead)
                        order by started_at
                        """)
                .param("dead", dead.toMillis() / 1000.0)
                .query(Nodes::row)
                .list();
    }

    private static NodeRow row(ResultSet row, int number) throws SQLException {
        return new NodeRow(
                row.getObject("id", UUID.class),
                row.getString("roles"),
                row.getString("host"),
                row.getLong("pid"),
                row.getString("version"),
                row.getString("address"),
                Rows.optionalText(row, "selection_report"),
                Rows.time(row, "started_at"),
                Rows.time(row, "heartbeat_at"),
                Rows.optionalTime(row, "ended_at"));
    }
}
