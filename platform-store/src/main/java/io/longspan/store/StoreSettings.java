package io.longspan.store;

import java.nio.file.Path;

/** Which database to use. */
public sealed interface StoreSettings {
    /**
     * A PostgreSQL server that somebody runs.
     *
     * @param url JDBC URL, such as {@code jdbc:postgresql://db.example:5432/longspan}; a login in
     *     its parameters counts as if it stood beside it
     * @param user name of the role; may be empty when the URL has it
     * @param password of the role, may be empty; never printed
     */
    record External(String url, String user, String password) implements StoreSettings {
        @Override
        public String toString() {
            return "External[url=" + DatabaseUrl.shown(url) + ", user=" + user + "]";
        }
    }

    /**
     * The embedded server, shared by all processes that name the same folder.
     *
     * @param folder of its data; made when missing
     */
    record Embedded(Path folder) implements StoreSettings {}
}
