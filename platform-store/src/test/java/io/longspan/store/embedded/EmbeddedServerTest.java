package io.longspan.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.StoreSettings;
import io.longspan.store.StoreUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedServerTest {
    /** One folder for all; its name would hurt in a shell. */
    @TempDir static Path temporary;

    private static Path folder;

    @BeforeAll
    static void made() {
        folder = temporary.resolve("a \"wörking\" $folder");
        EmbeddedServer.open(folder).close();
    }

    @Test
    void opensInOneProcessShareTheServerUntilTheLastClose() throws Exception {
        EmbeddedServer first = EmbeddedServer.open(folder);
        EmbeddedServer second = EmbeddedServer.open(folder);
        assertThat(second.address()).isEqualTo(first.address());
        first.close();
        first.close();
        assertThat(show(second.address(), "server_version_num")).startsWith("18");
        second.close();
        assertThatThrownBy(() -> show(second.address(), "fsync")).isInstanceOf(SQLException.class);
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void itKeepsWhatWasCommittedAndListensOnLoopbackOnly() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.open(folder)) {
            assertThat(show(server.address(), "fsync")).isEqualTo("on");
            assertThat(show(server.address(), "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(show(server.address(), "unix_socket_directories")).isEmpty();
            assertThat(show(server.address(), "server_encoding")).isEqualTo("UTF8");
            assertThat(show(server.address(), "log_timezone")).isEqualTo("UTC");
            assertThat(value(server.address(), "select upper('ağrı ß é')")).isEqualTo("AĞRI ß É");
        }
    }

    /** The process that a stop waits for is held up, as by a disk that has stopped answering. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aServerThatDoesNotEndSoonIsEndedAtOnceAndKeepsWhatWasCommitted() throws Exception {
        EmbeddedServer server = EmbeddedServer.open(folder);
        try (Connection connection =
                DriverManager.getConnection(
                        server.address().url(),
                        server.address().user(),
                        server.address().password())) {
            connection.createStatement().execute("create table kept as select 'kept' as said");
        }
        String writer =
                value(
                        server.address(),
                        "select pid from pg_stat_activity where backend_type = 'checkpointer'");
        assertThat(new ProcessBuilder("kill", "-STOP", writer).start().waitFor()).isZero();
        Path real = folder.toRealPath();
        new Cluster(real, "any")
                .stop(
                        Binaries.unpacked(SystemNames.cache().resolve("longspan")),
                        Commands.asThisUser(real),
                        Duration.ofSeconds(1));
        assertThat(real.resolve("data/postmaster.pid")).doesNotExist();
        server.close();
        try (EmbeddedServer again = EmbeddedServer.open(folder)) {
            assertThat(value(again.address(), "select said from kept")).isEqualTo("kept");
        }
    }

    @Test
    void nobodyComesInWithoutThePasswordOfTheFile() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.open(folder)) {
            StoreSettings.External address = server.address();
            assertThat(address.password())
                    .hasSize(48)
                    .isEqualTo(Files.readString(folder.resolve("password")).strip());
            for (String guess : new String[] {"", "postgres", address.password() + "0"}) {
                assertThatThrownBy(() ->
                                show(
                                        new StoreSettings.External(
                                                address.url(), address.user(), guess),
                                        "fsync"))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no such permissions")
    void thePasswordIsForItsOwnerOnly() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anotherPasswordFileIsRefusedAndTheServerIsNotLeftRunning() throws Exception {
        Path file = folder.resolve("password");
        String right = Files.readString(file);
        try {
            Files.writeString(file, "wrong");
            assertRefused("password");
            Files.delete(file);
            assertRefused(
                    "password file '" + folder.toRealPath().resolve("password") + "' is missing");
        } finally {
            Files.writeString(file, right);
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsRefusedNamingBoth() throws Exception {
        Path version = folder.resolve("data/PG_VERSION");
        String right = Files.readString(version);
        try {
            Files.writeString(version, "17\n");
            assertRefused("was made by PostgreSQL 17, and this Longspan brings PostgreSQL 18");
        } finally {
            Files.writeString(version, right);
        }
    }

    @Test
    void aNoteOfAServerWhoseNumberIsSomebodyElsesNowIsNotBelieved() throws Exception {
        long self = ProcessHandle.current().pid();
        for (String note : new String[] {self + "\n/x\n1\n5432\n\n127.0.0.1\n", "", "99999999\n"}) {
            Files.writeString(folder.resolve("data/postmaster.pid"), note);
            try (EmbeddedServer server = EmbeddedServer.open(folder)) {
                assertThat(show(server.address(), "fsync")).isEqualTo("on");
            }
        }
    }

    @Test
    void aFileInTheWayIsNamed(@TempDir Path other) throws Exception {
        Path file = Files.writeString(other.resolve("file"), "x");
        assertThatThrownBy(() -> EmbeddedServer.open(file))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("'" + file + "'")
                .hasMessageContaining("a file is in the way");
        assertThatThrownBy(() -> EmbeddedServer.open(other.resolve("x"), file))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("cannot be unpacked into '" + file + "'");
    }

    private static void assertRefused(String why) {
        assertThatThrownBy(() -> EmbeddedServer.open(folder))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(why);
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
        assertThat(folder.resolve("users")).isEmptyDirectory();
    }

    private static String show(StoreSettings.External address, String setting) throws SQLException {
        return value(address, "show " + setting);
    }

    private static String value(StoreSettings.External address, String query) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                address.url(), address.user(), address.password());
                ResultSet row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
