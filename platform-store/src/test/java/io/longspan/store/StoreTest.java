package io.longspan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.longspan.store.migration.V1__BatchTables;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.AbstractThrowableAssert;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

final class StoreTest {
    private static TestDatabases databases;

    @BeforeAll
    static void start() throws SQLException {
        databases = new TestDatabases();
    }

    @AfterAll
    static void stop() {
        databases.close();
    }

    @Test
    void aDatabaseThatIsAwayIsToldAtOnce() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long before = System.nanoTime();
        refused(external("jdbc:postgresql://127.0.0.1:" + port + "/x", "me", "s3cret"))
                .hasMessageContaining("'jdbc:postgresql://127.0.0.1:" + port + "/x'")
                .hasMessageContaining("'me'")
                .hasMessageContaining("check longspan.store.url, and that the database runs");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aDatabaseThatRecoversIsWaitedFor() throws Exception {
        StoreSettings.External good = databases.make("recovers");
        int real = URI.create(good.url().substring("jdbc:".length())).getPort();
        try (RecoveringServer server = new RecoveringServer(real, 3);
                Store store =
                        Store.open(
                                external(
                                        good.url().replace(":" + real, ":" + server.port()),
                                        good.user(),
                                        good.password()))) {
            assertThat(store.work().list(1)).isEmpty();
            assertThat(server.refused()).isEqualTo(3);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownDatabaseAreTold() throws Exception {
        StoreSettings.External good = databases.make("login");
        refused(external(good.url(), good.user(), "s3cret"))
                .hasMessageContaining("check longspan.store.user and longspan.store.password");
        refused(databases.at("nosuch"))
                .hasMessageContaining("/nosuch'")
                .hasMessageContaining("create it, or name another in longspan.store.url");
    }

    @Test
    void aPasswordInTheUrlIsInNoMessage() throws Exception {
        StoreSettings.External good = databases.make("inurl");
        String bare = good.url();
        for (String url :
                List.of(
                        bare + "?user=longspan&password=s3cret",
                        bare + "?password=s3cret",
                        bare + "?password=s3cret%",
                        bare.replace("//", "//longspan:s3cret@"),
                        bare.replace("inurl", "inurl?password=s3cret&sslpassword=s3cret"),
                        "postgresql://longspan:s3cret@127.0.0.1/inurl",
                        "jdbc:postgresql://127.0.0.1:nonsense/x?password=s3cret")) {
            StoreSettings.External settings = external(url, "", "");
            assertThat(settings.toString()).doesNotContain("s3cret");
            refused(settings);
        }
        refused(external(bare + "?password=s3cret", good.user(), good.password()))
                .hasMessageContaining("another password than longspan.store.password");
    }

    @Test
    void aLoginInTheUrlWorksAndIsTakenOutOfIt() throws Exception {
        StoreSettings.External good = databases.make("parameters");
        String url =
                good.url()
                        + "?user="
                        + good.user()
                        + "&connectTimeout=3&password="
                        + good.password();
        try (Store store = Store.open(external(url, "", ""))) {
            assertThat(store.address())
                    .isEqualTo(
                            external(
                                    good.url() + "?connectTimeout=3",
                                    good.user(),
                                    good.password()));
            assertThat(store.work().list(1)).isEmpty();
        }
    }

    @Test
    void aStoreThatIsIdleHoldsOneConnection() throws Exception {
        try (Store store = Store.open(databases.make("idle"))) {
            HikariDataSource pool = (HikariDataSource) store.dataSource();
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
        }
    }

    @Test
    void anotherOpenFindsWhatTheFirstWrote() throws Exception {
        StoreSettings.External address = databases.make("twice");
        try (Store store = Store.open(address)) {
            store.audit().add("me", "test", "x", java.util.Optional.empty());
        }
        try (Store store = Store.open(address)) {
            assertThat(store.audit().list(9)).hasSize(1);
        }
    }

    @Test
    void aNewerSchemaIsRefusedAndLeftAlone() throws Exception {
        StoreSettings.External address = databases.make("newer");
        long mine = migrationsOf(address);
        TestDatabases.execute(
                address,
                """
                insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                values (98, '98', 'x', 'SQL', 'V98__x.sql', 1, 'x', 1, true),
                       (99, '99.1', 'x', 'SQL', 'V99_1__x.sql', 1, 'x', 1, true)
                """);
        refused(address)
                .hasMessageContaining("version 99.1")
                .hasMessageContaining("newer Longspan");
        try (HikariDataSource pool = Connections.pool(address)) {
            assertThat(count(pool, "select count(*) from flyway_schema_history where success"))
                    .isEqualTo(mine + 2);
        }
    }

    private static long migrationsOf(StoreSettings.External address) throws SQLException {
        try (Store store = Store.open(address)) {
            return count(
                    (HikariDataSource) store.dataSource(),
                    "select count(*) from flyway_schema_history where success");
        }
    }

    @Test
    void processesThatMigrateAtOnceTakeTurns() throws Exception {
        long alone = migrationsOf(databases.make("alone"));
        for (int round = 0; round < 2; round++) {
            StoreSettings.External address = databases.make("turns" + round);
            CountDownLatch together = new CountDownLatch(2);
            Callable<Long> open =
                    () -> {
                        together.countDown();
                        together.await();
                        return migrationsOf(address);
                    };
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                for (Future<Long> migrations : threads.invokeAll(List.of(open, open))) {
                    assertThat(migrations.get()).isEqualTo(alone);
                }
            }
        }
    }

    @Test
    void aMigrationThatFailsHalfwayLeavesNothingAndSaysWhy() throws Exception {
        StoreSettings.External address = databases.make("halfway");
        try (HikariDataSource pool = Connections.pool(address)) {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:io/longspan/store/migration")
                    .javaMigrations(new V1__BatchTables())
                    .target("1")
                    .load()
                    .migrate();
            TestDatabases.execute(address, "create table model (x int)");
            refused(address)
                    .hasMessageContaining("relation \"model\" already exists")
                    .hasMessageContaining("nothing of the failed step was kept");
            assertThat(count(pool, "select count(*) from pg_class where relname = 'data_set'"))
                    .isZero();
            TestDatabases.execute(address, "drop table model");
        }
        Store.open(address).close();
    }

    @Test
    void aDatabaseWithOtherTablesIsRefused() throws Exception {
        StoreSettings.External address = databases.make("foreign_tables");
        TestDatabases.execute(address, "create table somebodys (x int)");
        refused(address).hasMessageContaining("tables that are not Longspan's");
    }

    @Test
    void aStoreOnTheEmbeddedServerClosesIt(@TempDir Path other) {
        try (Store store = Store.open(new StoreSettings.Embedded(other)).closeOnExit()) {
            assertThat(store.work().list(1)).isEmpty();
        }
        assertThat(other.resolve("data")).exists();
        assertThat(other.resolve("data/postmaster.pid")).doesNotExist();
    }

    private static AbstractThrowableAssert<?, ?> refused(StoreSettings settings) {
        return assertThatThrownBy(() -> Store.open(settings).close())
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(problem -> {
                    for (Throwable t = problem; t != null; t = t.getCause()) {
                        assertThat(String.valueOf(t.getMessage())).doesNotContain("s3cret");
                    }
                });
    }

    private static StoreSettings.External external(String url, String user, String password) {
        return new StoreSettings.External(url, user, password);
    }

    private static long count(HikariDataSource pool, String sql) throws SQLException {
        return JdbcClient.create(pool).sql(sql).query(Long.class).single();
    }
}
