package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.NewFolder;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ingest, training and workers as processes over the working folder's own database. */
final class PlatformTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String DEAD_AFTER = "longspan.worker.dead-after=2";

    @TempDir static Path folder;

    private static Store store;

    /** Keeps the database up between commands, as a running platform does, and makes a model. */
    @BeforeAll
    static void open() {
        store = Store.open(new StoreSettings.Embedded(folder.resolve(".longspan/postgres")));
        Path roberta = folder.resolve("roberta");
        good(
                Cli.run(
                        "init",
                        "--preset",
                        "roberta-tiny",
                        "--to",
                        roberta,
                        "--tokenizer",
                        tokenizer()));
        good(
                Cli.run(
                        "convert",
                        "--from",
                        roberta,
                        "--to",
                        folder.resolve("longformer"),
                        "--positions",
                        1024,
                        "--window",
                        16));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static Cli good(Cli run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static Path tokenizer() {
        return Cli.DEMO.resolve("tokenizer").toAbsolutePath().normalize();
    }

    private static Path books() {
        return Cli.DEMO.resolve("books").toAbsolutePath().normalize();
    }

    @Test
    void aWorkerDoesWhatIsQueuedAndTheResultEqualsARunInTheForeground() throws IOException {
        Cli here =
                good(
                        Child.run(
                                folder,
                                "ingest",
                                "run",
                                "--corpus",
                                "books",
                                "--source",
                                books(),
                                "--out",
                                "here/data",
                                "--json"));
        assertThat(here.json().get("documents").asInt()).isEqualTo(3);
        try (Child worker = Child.start(folder, "worker", "--json")) {
            worker.up();
            long id =
                    submit(
                            "ingest",
                            "start",
                            "--corpus",
                            "books",
                            "--source",
                            books(),
                            "--out",
                            "there/data");
            JsonNode done = ended(id);
            assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("DONE");
            assertThat(done.get("result").get("tokens")).isEqualTo(here.json().get("tokens"));
            assertThat(digests(folder.resolve("there/data")))
                    .isEqualTo(digests(folder.resolve("here/data")))
                    .hasSize(4);
            worker.terminate();
        }
        assertThat(Cli.over(store, "ingest", "list").out()).contains("COMPLETED");
    }

    @Test
    void aScheduleIsMadeAndItsRunIsDoneByAWorker() throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Files.writeString(
                rows,
                """
                {"body": "A first text.", "id": 1}
                {"body": "A first text.", "id": 2}
                {"body": "A second text.", "id": 3}
                """);
        Object[] create = {
            "ingest",
            "schedule",
            "create",
            "nightly",
            "--cron",
            "30 2 * * *",
            "--zone",
            "Asia/Tokyo",
            "--corpus",
            "jsonl",
            "--text-column",
            "body",
            "--unique",
            "--source",
            rows,
            "--out"
        };
        Cli refused = Cli.over(store, with(create, folder.resolve("scheduled")));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("put {time} or {date} into it");
        assertThat(Cli.over(store, with(create, folder.resolve("scheduled-{time}"))).out())
                .contains("schedule 'nightly' runs next at")
                .contains("T02:30+09:00");
        try (Child worker = Child.start(folder, "worker", "--json")) {
            worker.up();
            Cli now = Cli.over(store, "ingest", "schedule", "run-now", "nightly");
            assertThat(now.out()).contains("handed in as work ");
            long id = Long.parseLong(now.out().replaceAll("(?s).*as work (\\d+).*", "$1"));
            JsonNode done = ended(id);
            assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("DONE");
            assertThat(done.get("result").get("dropped").get("duplicate").asInt()).isEqualTo(1);
            worker.terminate();
        }
        JsonNode listed = Cli.over(store, "ingest", "schedule", "list", "--json").json();
        assertThat(listed.get("schedules").get(0).get("runs").asInt()).isEqualTo(1);
        assertThat(Cli.over(store, "ingest", "schedule", "delete", "nightly").code()).isZero();
        Path out;
        try (Stream<Path> made = Files.list(folder)) {
            out =
                    made.filter(path -> path.getFileName().toString().startsWith("scheduled-"))
                            .findFirst()
                            .orElseThrow();
        }
        Cli report = Cli.run("ingest", "report", out, "--svg", out.resolve("r.svg"));
        assertThat(report.out()).contains("3 documents read, 2 written").contains("duplicate");
        assertThat(Files.readString(out.resolve("r.svg"))).startsWith("<svg ").contains("written");
    }

    private static Object[] with(Object[] arguments, Object last) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    @Test
    void trainingOfAKilledWorkerIsTakenUpByAnother() throws IOException {
        Path data = folder.resolve("data");
        good(
                Cli.over(
                        store,
                        "ingest",
                        "run",
                        "--corpus",
                        "text",
                        "--source",
                        books(),
                        "--out",
                        data));
        Path config = folder.resolve("pretrain.yaml");
        Files.writeString(
                config,
                """
                model: longformer
                data: data
                output: trained
                steps: 60
                sequence_length: 128
                tokens_per_step: 512
                learning_rate: 0.003
                checkpoint_every: 5
                evaluation_every: 20
                evaluation_blocks: 4
                """);
        long id = submit("train", "pretrain.yaml", "--queue");
        try (Child first = Child.start(folder, "worker", "--json", "--set", DEAD_AFTER)) {
            first.up();
            waitForCheckpoint(first);
            first.kill();
        }
        try (Child second = Child.start(folder, "worker", "--json", "--set", DEAD_AFTER)) {
            second.up();
            JsonNode done = ended(id);
            assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("DONE");
            assertThat(done.get("attempt").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(done.get("result").get("steps").asInt()).isEqualTo(60);
            second.terminate();
        }
        JsonNode runs = Cli.over(store, "runs", "list", "--json").json().get("runs");
        assertThat(runs).hasSize(1);
        Path svg = folder.resolve("curve.svg");
        JsonNode run =
                Cli.over(store, "runs", "show", runs.get(0).get("id"), "--json", "--svg", svg)
                        .json();
        assertThat(Files.readString(svg)).startsWith("<svg ").contains("held out");
        assertThat(run.get("losses")).hasSize(60);
        assertThat(run.get("lastLoss").asDouble()).isLessThan(run.get("firstLoss").asDouble());
        Cli inspected = Cli.run("inspect", done(run), "--json");
        assertThat(inspected.json().get("task").asString()).isEqualTo("masked-lm");

        // Begun anew in the same place: what the store knows of the first run is not its own.
        NewFolder.remove(folder.resolve("trained"));
        Files.writeString(config, Files.readString(config).replace("steps: 60", "steps: 5"));
        good(Child.run(folder, "train", config.getFileName()));
        assertThat(store.models().list().getFirst().folder()).endsWith("step-00000005");
    }

    private static String done(JsonNode run) {
        return run.get("checkpoints").get(0).get("folder").asString();
    }

    private static void waitForCheckpoint(Child worker) {
        Path trained = folder.resolve("trained");
        worker.waitFor(w -> {
            try (Stream<Path> entries =
                    Files.isDirectory(trained) ? Files.list(trained) : Stream.empty()) {
                return entries.anyMatch(e -> e.getFileName().toString().startsWith("step-"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void badInputIsOneSentenceWithExitCodeTwoAndLeavesNothing() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Cli noBooks =
                Child.run(
                        folder,
                        "ingest",
                        "run",
                        "--corpus",
                        "books",
                        "--source",
                        empty,
                        "--out",
                        "nothing");
        assertThat(noBooks.code()).isEqualTo(2);
        assertThat(noBooks.err()).contains(empty.toString()).doesNotContain("\tat ");
        assertThat(folder.resolve("nothing")).doesNotExist();
        Cli corpus =
                Cli.over(
                        store,
                        "ingest",
                        "run",
                        "--corpus",
                        "cats",
                        "--source",
                        empty,
                        "--out",
                        folder.resolve("nothing"));
        assertThat(corpus.code()).isEqualTo(2);
        assertThat(corpus.err()).contains("'books', 'text'");
        Path bad = folder.resolve("bad.yaml");
        Files.writeString(bad, "model: longformer\noutput: x\nstep: 3\n");
        Cli unknownKey = Cli.over(store, "train", bad);
        assertThat(unknownKey.code()).isEqualTo(2);
        assertThat(unknownKey.err()).contains("'step'").contains("steps");
        assertThat(Cli.over(store, "work", "status", 4711).code()).isEqualTo(2);
        Cli noModel = Cli.over(store, "serve", "--model", "no-such-model");
        assertThat(noModel.code()).isEqualTo(2);
        assertThat(noModel.err()).contains("no-such-model");
    }

    @Test
    void aDatabaseThatIsAwayIsOneSentenceWithExitCodeOne() {
        Cli away =
                Child.run(
                        folder,
                        "runs",
                        "list",
                        "--set",
                        "longspan.store.url=jdbc:postgresql://127.0.0.1:1/longspan",
                        "--set",
                        "longspan.store.password=secret");
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.err())
                .contains("127.0.0.1:1")
                .doesNotContain("secret")
                .doesNotContain("\tat ");
    }

    @Test
    void aFullDiskLeavesNothingHalfWrittenAndTheSameCommandGoesOn() throws IOException {
        Path out = folder.resolve("full");
        // The database is not a child of this process: the limit is its alone. It counts blocks of
        // 1,024 bytes; the tokens of the three books need 112.
        try (Child limited =
                Child.startUnder(
                        "ulimit -f 64",
                        folder,
                        "ingest",
                        "run",
                        "--corpus",
                        "books",
                        "--source",
                        books(),
                        "--out",
                        out)) {
            Cli failed = limited.end();
            assertThat(failed.code()).isNotZero();
            assertThat(failed.err()).contains("shard-").doesNotContain("\tat ");
        }
        try (Stream<Path> entries = Files.list(out)) {
            assertThat(entries.map(e -> e.getFileName().toString()))
                    .allMatch(name -> name.startsWith("."));
        }
        good(
                Cli.over(
                        store,
                        "ingest",
                        "run",
                        "--corpus",
                        "books",
                        "--source",
                        books(),
                        "--out",
                        out));
        good(Cli.run("ingest", "validate", out));
    }

    private static long submit(Object... arguments) {
        Object[] all = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        return good(Child.run(folder, all)).json().get("id").asLong();
    }

    /** What the command says of a request that has ended. */
    private static JsonNode ended(long id) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!store.work().find(id).orElseThrow().state().ended()) {
            assertThat(System.nanoTime()).as("request %d has not ended", id).isLessThan(end);
            Child.pause();
        }
        return Cli.over(store, "work", "status", id, "--json").json();
    }

    private static Map<String, String> digests(Path data) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file :
                    files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                digests.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
