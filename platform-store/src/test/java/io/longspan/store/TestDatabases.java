package io.longspan.store;

import io.longspan.store.embedded.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One server with as many empty databases as tests want. Its folder is kept between test classes
 * and builds until {@code mvn clean}: making it takes longer than most tests.
 */
public final class TestDatabases implements AutoCloseable {
    private final EmbeddedServer server;

    public TestDatabases() throws SQLException {
        server = EmbeddedServer.open(Path.of("target", "test-databases"));
        // Nobody pulls the plug on these databases, and waiting for the disk is most of the time.
        execute(server.address(), "alter role longspan set synchronous_commit = off");
    }

    /** The address of an empty database. */
    public StoreSettings.External make(String name) throws SQLException {
        execute(server.address(), "drop database if exists " + name + " with (force)");
        execute(server.address(), "create database " + name);
        return at(name);
    }

    /** The address that a database of this name has or would have. */
    public StoreSettings.External at(String name) {
        StoreSettings.External address = server.address();
        return new StoreSettings.External(
                address.url().replaceAll("/postgres$", "/" + name),
                address.user(),
                address.password());
    }

    public static void execute(StoreSettings.External address, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                address.url(), address.user(), address.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
