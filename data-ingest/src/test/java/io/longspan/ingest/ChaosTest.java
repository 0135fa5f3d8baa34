package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.longspan.corpus.DataSet;
import io.longspan.corpus.Manifest;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.dataset.DataSetState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed or starved; the database lives on. */
@Timeout(900)
final class ChaosTest {
    private static final int DOCUMENTS = 120;
    private static final int KILLED = 128 + 9;

    @TempDir private static Path database;
    @TempDir private Path folder;

    private static Store store;

    @BeforeAll
    static void open() {
        store = Store.open(new StoreSettings.Embedded(database.resolve("postgres")));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private Child.Order order(Path source, Path out, int workers) throws IOException {
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        Path stage = scratch.resolve("stage");
        Files.write(stage, new byte[1]);
        return new Child.Order(store.address(), source, out, workers, stage, scratch);
    }

    /** Unpacked libraries of killed processes, 70 MB each. */
    private void clean() throws IOException {
        try (Stream<Path> left = Files.walk(folder.resolve("scratch"))) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void killedAtAnyMomentTheBytesAreThoseOfAnUndisturbedRun() throws Exception {
        Random random = new Random(Scratch.seed());
        Path source = folder.resolve("source");
        int good = Scratch.cut(source, random, DOCUMENTS);
        SortedMap<String, String> expected =
                killed(source, good, random, Integer.getInteger("chaos.kills", 10));
        assertThat(expected).hasSizeGreaterThan(60);
    }

    /** Two dumps: one of many streams, one of one, with pages that stand in both. */
    @Test
    void killedWhileItReadsDumpsItGoesOnInsideThem() throws Exception {
        Random random = new Random(Scratch.seed());
        Path source = Files.createDirectories(folder.resolve("dumps"));
        Set<String> texts = new HashSet<>();
        String[] groups = new String[12];
        for (int g = 0; g < groups.length; g++) {
            groups[g] = pages(g, random, texts);
        }
        Files.write(
                source.resolve("enwiki-1-multistream.xml.bz2"),
                Packs.multistream(Arrays.copyOf(groups, 8)));
        String rest = String.join("", Arrays.copyOfRange(groups, 8, groups.length));
        Files.write(
                source.resolve("enwiki-2.xml.bz2"),
                Packs.packed(
                        ".bz2", Packs.utf8(Packs.DUMP_START + rest + groups[0] + "</mediawiki>")));
        SortedMap<String, String> expected =
                killed(source, texts.size(), random, Integer.getInteger("chaos.kills", 10) / 2);
        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(expected.keySet()).anyMatch(name -> name.endsWith(".dropped.jsonl.gz"));
    }

    private static String pages(int group, Random random, Set<String> texts) {
        StringBuilder pages = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            String text = ("Page " + random.nextInt(100) + " says ").repeat(40).strip();
            texts.add(text);
            pages.append(Packs.page(10 * group + i, "T" + i, "<ns>0</ns>", text));
        }
        return pages.toString();
    }

    /** Kills runs over a source so many times; gives what an undisturbed run has written. */
    private SortedMap<String, String> killed(Path source, int good, Random random, int wanted)
            throws Exception {
        long duration = Long.MAX_VALUE;
        for (int workers : new int[] {1, 3}) {
            long start = System.nanoTime();
            Process undisturbed =
                    Child.start(order(source, folder.resolve("calm-" + workers), workers));
            assertThat(undisturbed.waitFor()).as(log()).isZero();
            duration = Math.min(duration, System.nanoTime() - start);
            clean();
        }
        SortedMap<String, String> expected = Scratch.contents(folder.resolve("calm-1"));
        assertThat(Scratch.contents(folder.resolve("calm-3"))).isEqualTo(expected);
        Manifest manifest = Manifest.read(folder.resolve("calm-1"));
        assertThat(manifest.totals().written()).isEqualTo(good);

        int kills = 0;
        int[] at = new int[Child.STAGES.size()];
        int rounds = 0;
        int attempts = 0;
        while (kills < wanted) {
            int workers = 1 + rounds % 3;
            Path out = folder.resolve("out-" + rounds++);
            boolean done = false;
            while (!done) {
                Child.Order order = order(source, out, workers);
                Process child = Child.start(order);
                boolean enough = kills >= wanted;
                if (enough
                        ? child.waitFor() >= 0
                        : survives(child, order.stage(), random, duration, attempts++)) {
                    assertThat(child.exitValue()).as(log()).isZero();
                    done = true;
                } else {
                    child.destroyForcibly();
                    int status = child.waitFor();
                    // It may have ended by itself just then.
                    if (status == KILLED) {
                        kills++;
                        at[Files.readAllBytes(order.stage())[0]]++;
                    }
                }
                clean();
            }
            assertThat(Scratch.contents(out)).as("round %d", rounds).isEqualTo(expected);
            DataSetRow row = store.dataSets().find(out.toString()).orElseThrow();
            assertThat(row.documents()).isEqualTo(good);
            assertThat(row.dropped()).isEqualTo(manifest.totals().droppedInAll());
            assertThat(row.state()).isEqualTo(DataSetState.READY);
            assertThat(DataSet.validate(out).problems()).isEmpty();
        }
        System.out.printf(
                "%d kills in %d rounds, undisturbed %d ms; at %s of %s%n",
                kills, rounds, duration / 1_000_000, Arrays.toString(at), Child.STAGES);
        assertThat(Arrays.stream(at).filter(n -> n > 0).count())
                .as("stages that were hit: %s", Arrays.toString(at))
                .isGreaterThanOrEqualTo(Math.min(4, wanted / 5));
        return expected;
    }

    /**
     * Waits for the moment of a kill. Every other one is any moment of the run; those between go
     * through the stages in turn, first as soon as a stage begins, then some time after, since the
     * short stages would hardly be hit otherwise.
     *
     * @return whether the process ended before
     */
    private static boolean survives(
            Process child, Path stage, Random random, long duration, int attempt) throws Exception {
        if (attempt % 2 == 0) {
            return child.waitFor(random.nextLong(duration), TimeUnit.NANOSECONDS);
        }
        int shortStages = Child.STAGES.size() - 2;
        int turn = attempt / 2;
        int target = 2 + turn % shortStages;
        while (Files.readAllBytes(stage)[0] < target) {
            if (child.waitFor(1, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        boolean atOnce = turn / shortStages % 2 == 0;
        return !atOnce && child.waitFor(random.nextLong(60_000_000), TimeUnit.NANOSECONDS);
    }

    @Test
    void aFullDiskIsNamedAndForgivenWhenThereIsRoomAgain() throws Exception {
        assumeThat(Files.exists(Path.of("/usr/bin/prlimit"))).as("prlimit is installed").isTrue();
        Path source = folder.resolve("source");
        int good = Scratch.cut(source, new Random(8), 40);
        // One document that does not fit; what comes before it does.
        Files.writeString(source.resolve("zz.txt"), "word ".repeat(60_000));
        Path out = folder.resolve("out");
        Process starved = Child.start(order(source, out, 2), "65536");
        assertThat(starved.waitFor()).isEqualTo(1);
        assertThat(log()).contains(".bin.partial' cannot be written (File too large); make room");
        assertThat(Scratch.contents(out).keySet())
                .noneMatch(name -> name.equals("manifest.json") || name.contains("partial"));
        assertThat(store.dataSets().find(out.toString()).orElseThrow().state())
                .isEqualTo(DataSetState.FAILED);
        assertThat(Child.start(order(source, out, 2)).waitFor()).as(log()).isZero();
        Path calm = folder.resolve("calm");
        Ingest.open(store).run(Child.request(source, calm, 1), IngestProgress.none(), () -> false);
        assertThat(Scratch.contents(out)).isEqualTo(Scratch.contents(calm));
        assertThat(store.dataSets().find(out.toString()).orElseThrow().documents())
                .isEqualTo(good + 1);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("scratch/child.log"));
    }
}
