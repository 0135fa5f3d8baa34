package io.longspan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** Opens a pool of connections, or says in one sentence why it cannot. */
final class Connections {
    private static final int MOST = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<String, String> DRIVER =
            Map.of(
                    "ApplicationName", "longspan",
                    "connectTimeout", "5",
                    "tcpKeepAlive", "true",
                    // A network that swallows everything must not hold a thread for ever.
                    "socketTimeout", "300");

    private Connections() {}

    /** A pool that holds one connection and grows when asked. */
    static HikariDataSource open(StoreSettings.External address) {
        tryOnce(address);
        HikariConfig config = new HikariConfig();
        config.setPoolName("longspan");
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(MOST);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE.toMillis());
        DRIVER.forEach(config::addDataSourceProperty);
        return new HikariDataSource(config);
    }

    /** The pool would retry, and log what the caller is going to say. */
    private static void tryOnce(StoreSettings.External address) {
        Properties properties = new Properties();
        properties.putAll(DRIVER);
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        try (Connection connection = DriverManager.getConnection(address.url(), properties)) {
            connection.isValid(0);
        } catch (SQLException e) {
            throw unavailable(address, e);
        }
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
