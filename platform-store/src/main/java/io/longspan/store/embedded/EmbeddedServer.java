package io.longspan.store.embedded;

import io.longspan.store.StoreSettings;
import io.longspan.store.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A real PostgreSQL server on loopback with its data in a folder. Whoever opened it closes it. */
public final class EmbeddedServer implements AutoCloseable {
    private final EmbeddedPostgres postgres;

    private EmbeddedServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts the server of a folder.
     *
     * @throws StoreUnavailableException when it cannot run here
     */
    public static EmbeddedServer open(Path folder) {
        try {
            return new EmbeddedServer(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(folder.toAbsolutePath())
                            .setCleanDataDirectory(false)
                            .setServerConfig("fsync", "on")
                            .start());
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "the embedded database in '"
                            + folder
                            + "' cannot start ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** How to reach it. */
    public StoreSettings.External address() {
        return new StoreSettings.External(
                postgres.getJdbcUrl("postgres", "postgres"), "postgres", "");
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new StoreUnavailableException("the embedded database cannot be stopped", e);
        }
    }
}
