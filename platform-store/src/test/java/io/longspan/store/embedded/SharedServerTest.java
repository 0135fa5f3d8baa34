package io.longspan.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class SharedServerTest {
    private static final String PID =
            "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)";

    /** One folder for all: making the data takes longer than everything else. */
    @TempDir static Path folder;

    @AfterEach
    void nothingIsLeftRunning() {
        if (Files.exists(folder.resolve("data/postmaster.pid"))) {
            EmbeddedServer.open(folder).close();
        }
    }

    @Test
    void theServerOutlivesWhoStartedItAndGoesWithTheLastUser() throws Exception {
        try (ChildJvm first = ChildJvm.start(folder)) {
            String url = first.opened();
            try (ChildJvm second = ChildJvm.start(folder)) {
                assertThat(second.opened()).isEqualTo(url);
                long server = Long.parseLong(second.ask(PID));
                assertThat(first.ask("create schema a; create table a.rows (x int)"))
                        .isEqualTo("ok");
                first.kill();
                assertThat(second.ask("insert into a.rows values (7)")).isEqualTo("ok");
                assertThat(second.ask("select x from a.rows")).isEqualTo("7");
                second.finish();
                assertGone(server);
            }
        }
    }

    @Test
    void whatWasCommittedBeforeEveryUserWasKilledIsThere() throws Exception {
        long server;
        String url;
        try (ChildJvm only = ChildJvm.start(folder)) {
            url = only.opened();
            server = Long.parseLong(only.ask(PID));
            only.ask("create schema b; create table b.rows (x int)");
            only.ask("insert into b.rows values (7)");
            only.kill();
        }
        assertThat(alive(server)).isTrue();
        try (ChildJvm next = ChildJvm.start(folder)) {
            assertThat(next.opened()).isEqualTo(url);
            assertThat(next.ask("select x from b.rows")).isEqualTo("7");
            next.finish();
        }
        assertGone(server);
    }

    @Test
    void processesThatOpenAtTheSameMomentGetOneServer() throws Exception {
        List<ChildJvm> children =
                List.of(ChildJvm.start(folder), ChildJvm.start(folder), ChildJvm.start(folder));
        try {
            String url = children.getFirst().opened();
            long server = Long.parseLong(children.getFirst().ask(PID));
            for (ChildJvm child : children.subList(1, children.size())) {
                assertThat(child.opened()).isEqualTo(url);
                assertThat(child.ask(PID)).isEqualTo(Long.toString(server));
            }
            for (ChildJvm child : children) {
                assertThat(alive(server)).isTrue();
                child.finish();
            }
            assertGone(server);
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "process groups are Unix")
    void theServerIsInNoProcessGroupOfItsStarters() throws Exception {
        try (ChildJvm only = ChildJvm.start(folder)) {
            only.opened();
            long server = Long.parseLong(only.ask(PID));
            assertThat(group(server)).isEqualTo(server).isNotEqualTo(group(only.pid()));
            only.finish();
            assertGone(server);
        }
    }

    @Test
    void aServerThatWasKilledComesBackOnItsPortForThoseWhoLostIt() throws Exception {
        try (ChildJvm first = ChildJvm.start(folder)) {
            String url = first.opened();
            first.ask("create schema c; create table c.rows (x int)");
            long server = Long.parseLong(first.ask(PID));
            ProcessHandle.of(server).orElseThrow().destroyForcibly();
            assertGone(server);
            try (ChildJvm second = ChildJvm.start(folder)) {
                assertThat(second.opened()).isEqualTo(url);
                assertThat(first.ask("select count(*) from c.rows")).isEqualTo("0");
                second.finish();
                first.finish();
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal that a process can answer")
    void aCommandThatIsToldToEndStopsTheServerUnlessOthersUseIt() throws Exception {
        try (ChildJvm other = ChildJvm.start(folder)) {
            String url = other.opened();
            long server = Long.parseLong(other.ask(PID));
            try (ChildJvm command = ChildJvm.startCommand(folder)) {
                assertThat(command.opened()).isEqualTo(url);
                command.terminate();
            }
            assertThat(other.ask("select 1")).isEqualTo("1");
            try (ChildJvm command = ChildJvm.startCommand(folder)) {
                assertThat(command.opened()).isEqualTo(url);
                other.finish();
                assertThat(alive(server)).isTrue();
                command.terminate();
            }
            assertGone(server);
        }
    }

    private static long group(long pid) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(pid)).start();
        return Long.parseLong(
                new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void assertGone(long pid) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (alive(pid) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(alive(pid)).as("process %d is alive", pid).isFalse();
    }
}
