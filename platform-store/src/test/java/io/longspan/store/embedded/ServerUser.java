package io.longspan.store.embedded;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.StoreUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that opens a folder's server and then does what it is told, line by line. */
final class ServerUser {
    private ServerUser() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Path folder = Path.of(arguments[0]);
        if (arguments.length > 1) {
            waitForASignal(folder);
            return;
        }
        try (EmbeddedServer server = EmbeddedServer.open(folder)) {
            say("open " + server.address().url());
            for (String line = commands.readLine();
                    line != null && !line.equals("close");
                    line = commands.readLine()) {
                say(answer(server.address(), line));
            }
        } catch (StoreUnavailableException e) {
            say("refused " + e.getMessage());
            return;
        }
        say("closed");
    }

    /** As a short command does: it is in the middle of something when the signal comes. */
    private static void waitForASignal(Path folder) throws IOException {
        try (Store store = Store.open(new StoreSettings.Embedded(folder)).closeOnExit()) {
            say("open " + store.address().url());
            System.in.read();
        }
    }

    private static String answer(StoreSettings.External address, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                address.url(), address.user(), address.password());
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "ok";
            }
            ResultSet row = statement.getResultSet();
            row.next();
            return row.getString(1);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
