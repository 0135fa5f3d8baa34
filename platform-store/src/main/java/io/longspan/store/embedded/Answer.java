package io.longspan.store.embedded;

import io.longspan.store.StoreSettings;
import io.longspan.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Asks whatever listens on a port whether it is the server of a folder. */
final class Answer {
    private static final String WRONG_PASSWORD = "28P01";

    private Answer() {}

    static StoreSettings.External address(int port, String password) {
        return new StoreSettings.External(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", Cluster.USER, password);
    }

    /**
     * Whether it is; false while it does not answer.
     *
     * @throws StoreUnavailableException when it is, but does not take the password
     */
    static boolean isServerOf(Path data, StoreSettings.External address) {
        Properties login = new Properties();
        login.setProperty("user", address.user());
        login.setProperty("password", address.password());
        login.setProperty("connectTimeout", "2");
        login.setProperty("loginTimeout", "2");
        login.setProperty("socketTimeout", "5");
        try (Connection connection = DriverManager.getConnection(address.url(), login)) {
            return data.equals(folder(connection));
        } catch (SQLException e) {
            if (WRONG_PASSWORD.equals(e.getSQLState())) {
                throw new StoreUnavailableException(
                        "the embedded database in '"
                                + data.getParent()
                                + "' does not take the password in its file 'password'; put the file back that was there when the database was made",
                        e);
            }
            return false;
        }
    }

    private static Path folder(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            row.next();
            return Path.of(row.getString(1)).normalize();
        }
    }
}
