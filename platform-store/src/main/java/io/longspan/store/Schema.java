package io.longspan.store;

import io.longspan.store.migration.V1__BatchTables;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
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

    /**
     * Applies what is missing; two processes that start at once take turns. A migration that fails
     * leaves nothing behind: each is one transaction.
     */
    void bringUpToDate() {
        try {
            refuseNewer();
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailableException(
                    e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE
                            ? "the database has tables that are not Longspan's; give longspan.store.url of an empty database"
                            : "the database's schema cannot be brought up to date ("
                                    + reason(e)
                                    + "); nothing of the failed step was kept: put that right, or restore the database from a backup",
                    e);
        }
    }

    private void refuseNewer() {
        MigrationInfo[] applied = flyway.info().applied();
        Arrays.stream(applied)
                .filter(m ->
                        m.getState() == MigrationState.FUTURE_SUCCESS
                                || m.getState() == MigrationState.FUTURE_FAILED)
                .reduce((_, last) -> last)
                .ifPresent(m -> {
                    throw new StoreUnavailableException(
                            "the database's schema has version "
                                    + m.getVersion()
                                    + ", which a newer Longspan made; use that version, or another database");
                });
    }

    /** What the database said, if it said something; what Flyway says is several lines. */
    private static String reason(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return String.valueOf(cause.getMessage()).lines().findFirst().orElse("").strip();
            }
        }
        return String.valueOf(problem.getMessage())
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
