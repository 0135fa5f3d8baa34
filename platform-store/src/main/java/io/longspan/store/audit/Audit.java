package io.longspan.store.audit;

import io.longspan.store.Rows;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of deeds. Rows are added, never changed. Thread-safe. */
public final class Audit {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public Audit(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a deed, as of now. */
    public void add(String actor, String action, String subject, Optional<String> detail) {
        jdbc.sql(
                        """
                        insert into audit (actor, action, subject, detail)
                        values (:actor, :action, :subject, cast(:detail as jsonb))
                        """)
                .param("actor", actor)
                .param("action", action)
                .param("subject", subject)
                .param("detail", Rows.orNull(detail))
                .update();
    }

    /** The newest deeds, newest first. */
    public List<AuditRow> list(int limit) {
        return jdbc.sql("select * from audit order by at desc, id desc limit :limit")
                .param("limit", limit)
                .query((row, number) ->
                        new AuditRow(
                                Rows.time(row, "at"),
                                row.getString("actor"),
                                row.getString("action"),
                                row.getString("subject"),
                                Rows.optionalText(row, "detail")))
                .list();
    }
}
