package io.longspan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Opens connections, or says in one sentence why it cannot. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int MOST = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** PostgreSQL's cannot_connect_now: it starts, recovers from a crash, or stops. */
    private static final String NOT_YET = "57P03";

    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Map<String, String> DRIVER =
            Map.of(
                    "ApplicationName", "longspan",
                    "connectTimeout", "5",
                    "tcpKeepAlive", "true");

    private Connections() {}

    /**
     * A source of connections that nobody keeps: a pool would keep those of the migration, which
     * takes three at a time. A database that says that it is starting, or recovers from a crash, is
     * waited for.
     *
     * @throws StoreUnavailableException when there is none to be had
     */
    static DataSource single(StoreSettings.External address) {
        DriverManagerDataSource source =
                new DriverManagerDataSource(address.url(), address.user(), address.password());
        Properties properties = new Properties();
        properties.putAll(DRIVER);
        source.setConnectionProperties(properties);
        // The pool would retry, and log what the caller is going to say.
        long end = System.nanoTime() + RECOVERY.toNanos();
        for (boolean said = false; ; said = true) {
            try (Connection connection = source.getConnection()) {
                connection.isValid(0);
                return source;
            } catch (SQLException e) {
                if (!NOT_YET.equals(e.getSQLState()) || System.nanoTime() > end) {
                    throw unavailable(address, e);
                }
                if (!said) {
                    LOG.info(
                            "the database is not ready ({}); waiting for it for {} s at most",
                            e.getMessage(),
                            RECOVERY.toSeconds());
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** A pool that holds one connection and grows when asked. */
    static HikariDataSource pool(StoreSettings.External address) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("longspan");
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(MOST);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE.toMillis());
        DRIVER.forEach(config::addDataSourceProperty);
        // A network that swallows everything must not hold a thread for ever.
        config.addDataSourceProperty("socketTimeout", "300");
        return new HikariDataSource(config);
    }

    private static StoreUnavailableException unavailable(
            StoreSettings.External address, SQLException problem) {
        String state = String.valueOf(problem.getSQLState());
        String reason = String.valueOf(problem.getMessage());
        if (reason.startsWith("No suitable driver")) {
            // Its message holds the whole URL.
            return new StoreUnavailableException(
                    "the database URL '"
                            + DatabaseUrl.shown(address.url())
                            + "' cannot be read; write 'jdbc:postgresql://HOST:PORT/DATABASE'");
        }
        String advice =
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "08" -> "check longspan.store.url, and that the database runs";
                    case "28" -> "check longspan.store.user and longspan.store.password";
                    case "3D" -> "create it, or name another in longspan.store.url";
                    default -> "check longspan.store.url, .user and .password";
                };
        return new StoreUnavailableException(
                "the database '"
                        + DatabaseUrl.shown(address.url())
                        + "' cannot be used as '"
                        + address.user()
                        + "' ("
                        + reason.lines().findFirst().orElse("")
                        + "); "
                        + advice,
                problem);
    }
}
