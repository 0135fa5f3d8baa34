package io.longspan.ingest;

import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.ShardWriter;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.RuleKey;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** An ingest in a process of its own, which a test kills or starves. */
final class Child {
    /** What the first byte of the stage file says, by number; zero is before any code runs. */
    static final List<String> STAGES =
            List.of("start-up", "opening", "planning", "surveying", "writing", "publishing");

    private Child() {}

    /** What a child is started with. */
    record Order(
            StoreSettings.External store,
            Path source,
            Path out,
            int workers,
            Path stage,
            Path scratch) {}

    static Process start(Order order, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Duser.language=tr",
                                "-Djava.io.tmpdir=" + order.scratch(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Child.class.getName(),
                                order.store().url(),
                                order.store().user(),
                                order.source().toString(),
                                order.out().toString(),
                                Integer.toString(order.workers()),
                                order.stage().toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PGPASSWORD", order.store().password());
        return builder.redirectErrorStream(true)
                .redirectOutput(order.scratch().resolve("child.log").toFile())
                .start();
    }

    /** Of a folder of text files, or of dumps, which hold many documents and some twice. */
    static IngestRequest request(Path source, Path out, int workers) {
        boolean dumps = source.getFileName().toString().equals("dumps");
        IngestSettings settings = IngestSettings.STANDARD.withShardBytes(6_000);
        return Scratch.request(dumps ? Corpus.WIKIPEDIA : Corpus.TEXT, source, out)
                .with(
                        dumps
                                ? settings.with(
                                        IngestRules.STANDARD
                                                .with(RuleKey.UNIQUE, "yes")
                                                .with(RuleKey.DROPPED, "keep"))
                                : settings)
                .withWorkers(workers);
    }

    public static void main(String[] arguments) throws Exception {
        try (FileChannel channel =
                FileChannel.open(
                        Path.of(arguments[5]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Survives the death of the process.
            MappedByteBuffer stage = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1);
            stage.put(0, (byte) 1);
            if (arguments.length > 6) {
                limitFiles(Long.parseLong(arguments[6]));
            }
            StoreSettings settings =
                    new StoreSettings.External(
                            arguments[0], arguments[1], System.getenv("PGPASSWORD"));
            try (Store store = Store.open(settings)) {
                Ingest.open(store)
                        .run(
                                request(
                                        Path.of(arguments[2]),
                                        Path.of(arguments[3]),
                                        Integer.parseInt(arguments[4])),
                                snapshot -> stage.put(0, stage(snapshot.phase())),
                                () -> false);
            }
        }
    }

    private static byte stage(IngestSnapshot.Phase phase) {
        return switch (phase) {
            case PLANNING -> 2;
            case SURVEYING -> 3;
            case WRITING -> 4;
            case PUBLISHING -> 5;
        };
    }

    /** As a full disk would: from here on no file of this process may grow beyond a size. */
    private static void limitFiles(long bytes) throws Exception {
        // DuckDB unpacks a library of 70 MB when it is first used.
        Path warm = Files.createTempDirectory("warm");
        try (ShardWriter writer = ShardWriter.create(warm, "warm", 10, 2)) {
            writer.add(new DocumentInfo("a", "", "", "", "", "", 0, 0, ""), new int[] {1});
            writer.finish();
        }
        int result =
                new ProcessBuilder(
                                "prlimit",
                                "--pid",
                                Long.toString(ProcessHandle.current().pid()),
                                "--fsize=" + bytes)
                        .inheritIO()
                        .start()
                        .waitFor();
        if (result != 0) {
            throw new IllegalStateException("prlimit ended with " + result);
        }
    }
}
