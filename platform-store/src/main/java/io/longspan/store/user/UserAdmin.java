package io.longspan.store.user;

import io.longspan.store.Rows;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What administrators do with people who may log in. Thread-safe. */
public final class UserAdmin {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public UserAdmin(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All of them, by name. */
    public List<UserRow> list() {
        return jdbc.sql("select * from console_user order by name")
                .query((row, number) ->
                        new UserRow(
                                row.getString("name"),
                                row.getString("role"),
                                row.getBoolean("disabled"),
                                Rows.time(row, "created_at"),
                                Rows.optionalTime(row, "last_login_at")))
                .list();
    }

    /** One of them. */
    public Optional<UserRow> find(String name) {
        return list().stream().filter(user -> user.name().equals(name)).findFirst();
    }

    /** Gives another role; false when there is nobody of that name. */
    public boolean role(String name, String role) {
        return change(name, "role = :value", role);
    }

    /** Gives another password; false when there is nobody of that name. */
    public boolean password(String name, String hash) {
        return change(name, "password_hash = :value", hash);
    }

    /** Refuses or allows the login, and ends open sessions; false when nobody has that name. */
    public boolean disabled(String name, boolean disabled) {
        return change(name, "disabled = :value", disabled);
    }

    /** Notes a login. */
    public void loggedIn(String name) {
        jdbc.sql("update console_user set last_login_at = now() where name = :name")
                .param("name", name)
                .update();
    }

    /** Ends all sessions of a user; how many there were. */
    public int endSessions(String name) {
        return jdbc.sql("delete from console_session where principal_name = :name")
                .param("name", name)
                .update();
    }

    /** How many administrators can log in. */
    public long administrators() {
        return jdbc.sql("select count(*) from console_user where role = 'ADMIN' and not disabled")
                .query(Long.class)
                .single();
    }

    private boolean change(String name, String what, Object value) {
        return jdbc.sql(
                                "update console_user set "
                                        + what
                                        + ", updated_at = now() where name = :name")
                        .param("value", value)
                        .param("name", name)
                        .update()
                == 1;
    }
}
