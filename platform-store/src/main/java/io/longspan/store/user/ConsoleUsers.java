package io.longspan.store.user;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of people who may log in. Thread-safe. */
public final class ConsoleUsers {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public ConsoleUsers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One of them. */
    public Optional<ConsoleUser> find(String name) {
        return jdbc.sql("select name, password_hash, role from console_user where name = :name")
                .param("name", name)
                .query((row, number) ->
                        new ConsoleUser(
                                row.getString("name"),
                                row.getString("password_hash"),
                                row.getString("role")))
                .optional();
    }

    /** Adds somebody, or changes password and role. */
    public void put(ConsoleUser user) {
        jdbc.sql(
                        """
                        insert into console_user (name, password_hash, role) values (:name, :hash, :role)
                        on conflict (name) do update
                        set password_hash = excluded.password_hash, role = excluded.role, updated_at = now()
                        """)
                .param("name", user.name())
                .param("hash", user.passwordHash())
                .param("role", user.role())
                .update();
    }

    /** Adds somebody unless the name is taken; false when it is. */
    public boolean add(ConsoleUser user) {
        return jdbc.sql(
                                """
                                insert into console_user (name, password_hash, role) values (:name, :hash, :role)
                                on conflict (name) do nothing
                                """)
                        .param("name", user.name())
                        .param("hash", user.passwordHash())
                        .param("role", user.role())
                        .update()
                == 1;
    }
}
