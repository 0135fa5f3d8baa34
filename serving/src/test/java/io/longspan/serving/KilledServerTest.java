package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.spool.Spool;
import io.longspan.serving.spool.SpoolDrainer;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferenceRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

final class KilledServerTest {
    private static final int CALLS_BEFORE_THE_KILL = 150;

    /** Enough for both troubles of the database; more by {@code -Dchaos.rounds=N}. */
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 2);

    @TempDir Path folder;

    /**
     * Under load the database crashes or stops, and then the server is killed. Each process takes
     * over what the one before has left, the test what the last has.
     */
    @Test
    void everyStatusThatAClientReceivedHasOneRowAfterKills() throws Exception {
        ServedModelSpec model = TestModels.longformer(folder, "tiny", 1);
        Path spool = folder.resolve("spool");
        Map<String, String> received = new ConcurrentHashMap<>();
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            for (int round = 0; round < ROUNDS; round++) {
                callUntilKilled(store, round, model, spool, received);
            }
            assertThat(received).hasSizeGreaterThanOrEqualTo(ROUNDS * CALLS_BEFORE_THE_KILL);
            assertThat(received.values()).contains("OK", "INVALID_ARGUMENT");
            try (TestServer next =
                    new TestServer(
                            store,
                            ServingSettings.of(List.of(model), spool),
                            TestModels.backends("chunks"))) {
                assertThat(next.address.getPort()).isPositive();
                Map<String, String> rows = rows(store);
                for (int i = 0; i < 500 && !rows.keySet().containsAll(received.keySet()); i++) {
                    Thread.sleep(20);
                    rows = rows(store);
                }
                assertThat(rows).containsAllEntriesOf(received);
            }
        }
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).isEmpty();
        }
    }

    private static void callUntilKilled(
            Store store, int round, ServedModelSpec model, Path spool, Map<String, String> received)
            throws Exception {
        StoreSettings.External database = store.address();
        ProcessBuilder command =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                ServerProcess.class.getName(),
                                database.url(),
                                database.user(),
                                model.folder().toString(),
                                spool.toString())
                        .redirectErrorStream(true);
        command.environment().put(ServerProcess.PASSWORD, database.password());
        Process process = command.start();
        try {
            int port = port(process);
            AtomicInteger answers = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int c = 0; c < 8; c++) {
                callers.add(Thread.ofVirtual().start(() -> call(port, received, answers)));
            }
            while (answers.get() < CALLS_BEFORE_THE_KILL / 2 && process.isAlive()) {
                Thread.sleep(1);
            }
            takesNothingFromTheLiving(spool);
            List<Long> connections = connections(store);
            assertThat(connections).isNotEmpty();
            if (round % 2 == 0) {
                // A crash of the whole database, which begins again with its journal.
                signal("KILL", connections.subList(0, 1));
            } else {
                signal("STOP", connections);
            }
            while (answers.get() < CALLS_BEFORE_THE_KILL && process.isAlive()) {
                Thread.sleep(1);
            }
            process.destroyForcibly();
            if (round % 2 == 1) {
                signal("CONT", connections);
            }
            for (Thread caller : callers) {
                caller.join();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Processes of the database that work for others, the server's mover of rows among them. */
    private static List<Long> connections(Store store) {
        return JdbcClient.create(store.dataSource())
                .sql(
                        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")
                .query(Long.class)
                .list();
    }

    private static void signal(String name, List<Long> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(pid -> command.add(pid.toString()));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static void takesNothingFromTheLiving(Path root) throws InterruptedException {
        List<InferenceEntry> taken = Collections.synchronizedList(new ArrayList<>());
        try (Spool other = Spool.open(root, 1 << 20);
                SpoolDrainer drainer = SpoolDrainer.start(other, taken::addAll)) {
            assertThat(drainer.flush(Duration.ofSeconds(1))).isTrue();
            Thread.sleep(300);
        }
        assertThat(taken).isEmpty();
    }

    /** Calls until the server is gone; every third call is refused. */
    private static void call(int port, Map<String, String> received, AtomicInteger answers) {
        try (LongspanClient client = LongspanClient.connect("127.0.0.1", port)) {
            for (int i = 0; ; i++) {
                try {
                    String id =
                            client.embed("", i % 3 == 0 ? "" : "text", Pooling.POOLING_MEAN, false)
                                    .getCall()
                                    .getInferenceId();
                    received.put(id, "OK");
                } catch (StatusRuntimeException e) {
                    if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                        return;
                    }
                    received.put(InferenceId.of(e).orElseThrow(), e.getStatus().getCode().name());
                }
                answers.incrementAndGet();
            }
        }
    }

    private static Map<String, String> rows(Store store) {
        // toMap refuses an id that is there twice.
        return store.inferences().list(InferenceFilter.newest(100_000)).stream()
                .collect(Collectors.toMap(row -> row.id().toString(), InferenceRow::status));
    }

    private static int port(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.append(line).append('\n');
            if (line.startsWith("port ")) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(rest -> {}));
                return Integer.parseInt(line.substring("port ".length()));
            }
        }
        throw new AssertionError("the server did not start:\n" + seen);
    }
}
