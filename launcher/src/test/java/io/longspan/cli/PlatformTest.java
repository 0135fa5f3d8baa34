package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ingest, training and workers as processes over the working folder's own database. */
final class PlatformTest {
    private static final String DEAD_AFTER = "longspan.worker.dead-after=2";

    @TempDir static Path folder;

    /** Keeps the database up between commands, as a running platform does. */
    @BeforeAll
    static void makeAModel() {
        assertThat(
                        Child.run(
                                        folder,
                                        "init",
                                        "--preset",
                                        "roberta-tiny",
                                        "--to",
                                        "roberta",
                                        "--tokenizer",
                                        tokenizer())
                                .code())
                .isZero();
        assertThat(
                        Child.run(
                                        folder,
                                        "convert",
                                        "--from",
                                        "roberta",
                                        "--to",
                                        "longformer",
                                        "--positions",
                                        1024,
                                        "--window",
                                        16)
                                .code())
                .isZero();
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
                        "--json");
        assertThat(here.code()).as(here.err()).isZero();
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
            assertThat(done.get("state").asString()).isEqualTo("DONE");
            assertThat(done.get("result").get("tokens")).isEqualTo(here.json().get("tokens"));
            assertThat(digests(folder.resolve("there/data")))
                    .isEqualTo(digests(folder.resolve("here/data")))
                    .hasSize(4);
            worker.terminate();
        }
        assertThat(Child.run(folder, "ingest", "list").out()).contains("COMPLETED");
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
        Cli refused = Child.run(folder, with(create, "scheduled"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("put {time} or {date} into it");
        assertThat(Child.run(folder, with(create, "scheduled-{time}")).out())
                .contains("schedule 'nightly' runs next at")
                .contains("T02:30+09:00");
        try (Child worker = Child.start(folder, "worker", "--json")) {
            worker.up();
            Cli now = Child.run(folder, "ingest", "schedule", "run-now", "nightly");
            assertThat(now.out()).contains("handed in as work ");
            long id = Long.parseLong(now.out().replaceAll("(?s).*as work (\\d+).*", "$1"));
            JsonNode done = ended(id);
            assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("DONE");
            assertThat(done.get("result").get("dropped").get("duplicate").asInt()).isEqualTo(1);
            worker.terminate();
        }
        JsonNode listed = Child.run(folder, "ingest", "schedule", "list", "--json").json();
        assertThat(listed.get("schedules").get(0).get("runs").asInt()).isEqualTo(1);
        assertThat(Child.run(folder, "ingest", "schedule", "delete", "nightly").code()).isZero();
        Path out;
        try (Stream<Path> made = Files.list(folder)) {
            out =
                    made.filter(path -> path.getFileName().toString().startsWith("scheduled-"))
                            .findFirst()
                            .orElseThrow();
        }
        Cli report = Child.run(folder, "ingest", "report", out, "--svg", out.resolve("r.svg"));
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
        assertThat(
                        Child.run(
                                        folder,
                                        "ingest",
                                        "run",
                                        "--corpus",
                                        "text",
                                        "--source",
                                        books(),
                                        "--out",
                                        data,
                                        "--json")
                                .code())
                .isZero();
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
        JsonNode runs = Child.run(folder, "runs", "list", "--json").json().get("runs");
        assertThat(runs).hasSize(1);
        Path svg = folder.resolve("curve.svg");
        JsonNode run =
                Child.run(folder, "runs", "show", runs.get(0).get("id"), "--json", "--svg", svg)
                        .json();
        assertThat(Files.readString(svg)).startsWith("<svg ").contains("held out");
        assertThat(run.get("losses")).hasSize(60);
        assertThat(run.get("lastLoss").asDouble()).isLessThan(run.get("firstLoss").asDouble());
        Cli inspected = Child.run(folder, "inspect", done(run), "--json");
        assertThat(inspected.json().get("task").asString()).isEqualTo("masked-lm");
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
                Child.run(
                        folder,
                        "ingest",
                        "run",
                        "--corpus",
                        "cats",
                        "--source",
                        empty,
                        "--out",
                        "nothing");
        assertThat(corpus.code()).isEqualTo(2);
        assertThat(corpus.err()).contains("'books', 'text'");
        Files.writeString(folder.resolve("bad.yaml"), "model: longformer\noutput: x\nstep: 3\n");
        Cli unknownKey = Child.run(folder, "train", "bad.yaml");
        assertThat(unknownKey.code()).isEqualTo(2);
        assertThat(unknownKey.err()).contains("'step'").contains("steps");
        assertThat(Child.run(folder, "work", "status", 4711).code()).isEqualTo(2);
        Cli noModel = Child.run(folder, "serve", "--model", "no-such-model");
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
        // The database runs in another process: the limit is the ingest's alone. It counts blocks
        // of 1,024 bytes; the tokens of the three books need 112.
        try (Child keeper = Child.start(folder, "worker", "--json")) {
            keeper.up();
            Child limited =
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
                            out);
            Cli failed = limited.end();
            assertThat(failed.code()).isNotZero();
            assertThat(failed.err()).contains("shard-").doesNotContain("\tat ");
            keeper.terminate();
        }
        try (Stream<Path> entries = Files.list(out)) {
            assertThat(entries.map(e -> e.getFileName().toString()))
                    .allMatch(name -> name.startsWith("."));
        }
        Cli again =
                Child.run(
                        folder,
                        "ingest",
                        "run",
                        "--corpus",
                        "books",
                        "--source",
                        books(),
                        "--out",
                        out);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(Child.run(folder, "ingest", "validate", out).code()).isZero();
    }

    private static long submit(Object... arguments) {
        Object[] all = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        Cli submitted = Child.run(folder, all);
        assertThat(submitted.code()).as(submitted.err()).isZero();
        return submitted.json().get("id").asLong();
    }

    private static JsonNode ended(long id) {
        while (true) {
            JsonNode status = Child.run(folder, "work", "status", id, "--json").json();
            if (List.of("DONE", "FAILED", "STOPPED").contains(status.get("state").asString())) {
                return status;
            }
        }
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
