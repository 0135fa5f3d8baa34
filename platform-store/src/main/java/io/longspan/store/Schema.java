package io.longspan.store;

import io.longspan.store.migration.V1__BatchTables;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings a database's schema to what this version works on. */
final class Schema {
    private final Flyway flyway;

    Schema(DataSource dataSource) {
        flyway =
                Flyway.configure()
                        .dataSource(dataSource)
                        .locations("classpath:io/longspan/store/migration")
                        .javaMigrations(new V1__BatchTables())
                        .load();
    }

    /** Applies what is missing; two processes that start at once take turns. */
    void bringUpToDate() {
        try {
            refuseNewer();
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailableException(
                    "the database's schema cannot be brought up to date ("
                            + firstLine(e)
                            + "); restore it from a backup or repair it with Flyway",
                    e);
        }
    }

    private void refuseNewer() {
        MigrationInfo[] applied = flyway.info().applied();
        Arrays.stream(applied)
                .filter(m ->
                        m.getState() == MigrationState.FUTURE_SUCCESS
                                || m.getState() == MigrationState.FUTURE_FAILED)
                .findFirst()
                .ifPresent(m -> {
                    throw new StoreUnavailableException(
                            "the database's schema has version "
                                    + m.getVersion()
                                    + ", which a newer Longspan made; use that version, or another database");
                });
    }

    private static String firstLine(Throwable problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("").strip();
    }
}
