package io.longspan.admin;

import com.zaxxer.hikari.HikariDataSource;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.user.ConsoleUser;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** The console over an embedded database, started as an application starts it, on loopback. */
final class ConsoleUnderTest implements AutoCloseable {
    static final String ADMIN_PASSWORD = "correct horse";
    static final String PASSWORD = "battery staple";
    private static final long PATIENCE_MS = 300;

    private final Store store;
    private final ConfigurableApplicationContext context;
    final CountedProbe probe;

    private ConsoleUnderTest(
            Store store, CountedProbe probe, ConfigurableApplicationContext context) {
        this.store = store;
        this.probe = probe;
        this.context = context;
    }

    static ConsoleUnderTest start(Path folder) {
        Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")));
        try {
            ((HikariDataSource) store.dataSource()).setConnectionTimeout(PATIENCE_MS);
            addUser(store, "vera", "VIEWER");
            addUser(store, "otto", "OPERATOR");
            SpringApplication application = new SpringApplication(TestApplication.class);
            application.setWebApplicationType(WebApplicationType.SERVLET);
            CountedProbe probe = new CountedProbe();
            application.addInitializers(context -> {
                GenericApplicationContext beans = (GenericApplicationContext) context;
                beans.registerBean(
                        "store", Store.class, () -> store, d -> d.setDestroyMethodName(""));
                beans.registerBean("probe", CountedProbe.class, () -> probe);
            });
            return new ConsoleUnderTest(
                    store,
                    probe,
                    application.run(
                            "--server.port=0",
                            "--server.address=127.0.0.1",
                            "--spring.main.banner-mode=off",
                            "--longspan.admin.password=" + ADMIN_PASSWORD));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static void addUser(Store store, String name, String role) {
        String hash = PasswordEncoderFactories.createDelegatingPasswordEncoder().encode(PASSWORD);
        store.users().put(new ConsoleUser(name, hash, role));
    }

    Store store() {
        return store;
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    /** Ends all connections to the database and lets nobody in, until {@link #databaseBack}. */
    void databaseAway() throws SQLException {
        onServer(
                "alter database postgres allow_connections false",
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'");
    }

    void databaseBack() throws SQLException {
        onServer("alter database postgres allow_connections true");
    }

    private void onServer(String... statements) throws SQLException {
        String url = store.address().url().replaceFirst("/postgres(\\?|$)", "/template1$1");
        try (Connection connection =
                        DriverManager.getConnection(
                                url, store.address().user(), store.address().password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        context.close();
        store.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(AdminConfiguration.class)
    static class TestApplication {}
}
