package io.longspan.serving;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One database server for all classes of a run, stopped after the last; every store that is opened
 * has a database of its own in it. For tests that neither stop nor kill the server.
 */
final class SharedPostgres implements BeforeAllCallback {
    private @Nullable Server server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server =
                context.getRoot()
                        .getStore(ExtensionContext.Namespace.create(SharedPostgres.class))
                        .computeIfAbsent(Server.class, _ -> Server.start(), Server.class);
    }

    /** A store over an empty database; closed by whoever opened it. */
    Store open() {
        return Objects.requireNonNull(server, "not registered as an extension").open();
    }

    private record Server(Path folder, Store keeper, AtomicInteger databases)
            implements AutoCloseable {
        private static final String TEMPLATE = "serving_template";

        static Server start() {
            try {
                Path folder = Files.createTempDirectory("longspan-serving-tests");
                Store keeper = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")));
                Server server = new Server(folder, keeper, new AtomicInteger());
                server.create(TEMPLATE, "template1");
                // Its migrations run once, in what all others are copies of.
                Store.open(server.at(TEMPLATE)).close();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("no folder for the database", e);
            }
        }

        Store open() {
            String name = "serving_" + databases.incrementAndGet();
            create(name, TEMPLATE);
            return Store.open(at(name));
        }

        private void create(String name, String template) {
            try (Connection connection = keeper.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name + " template " + template);
            } catch (SQLException e) {
                throw new IllegalStateException("no database '" + name + "'", e);
            }
        }

        /** The keeper's address with another database. */
        private StoreSettings.External at(String name) {
            StoreSettings.External keeping = keeper.address();
            String url = keeping.url();
            int query = url.indexOf('?');
            String parameters = query < 0 ? "" : url.substring(query);
            String address = query < 0 ? url : url.substring(0, query);
            return new StoreSettings.External(
                    address.substring(0, address.lastIndexOf('/') + 1) + name + parameters,
                    keeping.user(),
                    keeping.password());
        }

        @Override
        public void close() throws IOException {
            keeper.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
