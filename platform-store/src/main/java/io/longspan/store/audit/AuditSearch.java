package io.longspan.store.audit;

import io.longspan.store.Rows;
import io.longspan.store.Slice;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks through the deeds. Thread-safe. */
public final class AuditSearch {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public AuditSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Keyed(long id, AuditRow row) {}

    /**
     * Deeds that pass, the newest first.
     *
     * @param actor only by this person
     * @param action only of this kind
     * @param before only with a smaller key
     */
    public Slice<AuditRow> page(
            Optional<String> actor, Optional<String> action, Optional<Long> before, int limit) {
        StringBuilder sql = new StringBuilder("select * from audit where true");
        actor.ifPresent(a -> sql.append(" and actor = :actor"));
        action.ifPresent(a -> sql.append(" and action = :action"));
        before.ifPresent(b -> sql.append(" and id < :before"));
        JdbcClient.StatementSpec statement =
                jdbc.sql(sql.append(" order by id desc limit :limit").toString())
                        .param("limit", limit + 1);
        actor.ifPresent(a -> statement.param("actor", Rows.text(a)));
        action.ifPresent(a -> statement.param("action", Rows.text(a)));
        before.ifPresent(b -> statement.param("before", b));
        List<Keyed> keyed =
                statement
                        .query((row, number) ->
                                new Keyed(
                                        row.getLong("id"),
                                        new AuditRow(
                                                Rows.time(row, "at"),
                                                row.getString("actor"),
                                                row.getString("action"),
                                                row.getString("subject"),
                                                Rows.optionalText(row, "detail"))))
                        .list();
        Slice<Keyed> slice = Slice.of(keyed, limit, k -> Long.toString(k.id()));
        return new Slice<>(slice.rows().stream().map(Keyed::row).toList(), slice.next());
    }
}
