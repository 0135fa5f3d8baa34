package io.longspan.serving.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferenceRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
    private static final long LIMIT = 1 << 22;

    @TempDir Path root;
    @TempDir Path elsewhere;

    static InferenceRow row(int number) {
        return new InferenceRow(
                new UUID(7, number),
                Instant.ofEpochSecond(1_800_000_000L + number, 123_456_000),
                "anonymous",
                "longspan.v1.Inference/Embed",
                "model-\u0131\u00e7",
                "v" + number,
                "chunks",
                "1.0",
                "fp32",
                number,
                number + 1L,
                number + 2L,
                number + 3L,
                number + 4L,
                1,
                number % 2 == 0 ? "OK" : "INVALID_ARGUMENT",
                "m".repeat(number % 50),
                "d".repeat(64));
    }

    @Test
    void rowsComeBackAsTheyWentIn() throws IOException {
        try (Spool spool = Spool.open(root, LIMIT)) {
            List<InferenceRow> rows = IntStream.range(0, 1200).mapToObj(SpoolTest::row).toList();
            rows.forEach(spool::append);
            assertThat(drain(spool, false)).containsExactlyElementsOf(rows);
            assertThat(spool.backlog()).isZero();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void whatWasSaidGoesWithItsRow() throws IOException {
        byte[] large = new byte[384 * 1024];
        new Random(1).nextBytes(large);
        InferenceEntry entry =
                new InferenceEntry(
                        row(1),
                        Optional.of(
                                new InferencePayload(
                                        ByteBuffer.wrap(large),
                                        1L << 40,
                                        ByteBuffer.wrap(large),
                                        7,
                                        Instant.ofEpochSecond(9))));
        try (Spool spool = Spool.open(root, LIMIT)) {
            spool.append(entry);
            spool.append(row(2));
            Spool.Batch batch = spool.nextOwn(9);
            assertThat(batch).isNotNull();
            assertThat(batch.rows()).containsExactly(entry, InferenceEntry.of(row(2)));
        }
    }

    @Test
    void whatWasSaidIsNotOnTheDiskOnceItWasMoved() throws IOException {
        ByteBuffer said = ByteBuffer.wrap("secret".getBytes(StandardCharsets.UTF_8));
        InferenceEntry entry =
                new InferenceEntry(
                        row(1),
                        Optional.of(
                                new InferencePayload(said, 6, said, 6, Instant.ofEpochSecond(9))));
        try (Spool spool = Spool.open(root, LIMIT)) {
            spool.append(entry);
            spool.append(row(2));
            spool.remove(Objects.requireNonNull(spool.nextOwn(1)));
            assertThat(spooled()).as("a row waits beside it").anyMatch(s -> s.contains("secret"));
            spool.remove(Objects.requireNonNull(spool.nextOwn(1)));
            assertThat(spooled()).noneMatch(s -> s.contains("secret"));
            spool.append(row(3));
            assertThat(drain(spool, false)).containsExactly(row(3));
        }
    }

    @Test
    void nobodyElseOfTheMachineReadsTheSpool() throws IOException {
        assumeTrue(
                Files.getFileStore(root).supportsFileAttributeView(PosixFileAttributeView.class),
                "no POSIX file system");
        try (Spool spool = Spool.open(root, LIMIT)) {
            spool.append(row(1));
            try (Stream<Path> folders = Files.list(root)) {
                assertThat(folders.toList())
                        .isNotEmpty()
                        .allSatisfy(folder ->
                                assertThat(Files.getPosixFilePermissions(folder))
                                        .isEqualTo(PosixFilePermissions.fromString("rwx------")));
            }
        }
    }

    private List<String> spooled() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> contents = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return contents;
        }
    }

    /** As a process before the trace left it, byte for byte. */
    @Test
    void aRowOfTheFirstLayoutIsReadToo() throws IOException {
        byte[] row = RowCodec.encode(InferenceEntry.of(row(3)));
        byte[] first = Arrays.copyOf(row, row.length - 3);
        first[0] = 1;
        assertThat(RowCodec.decode(first)).isEqualTo(InferenceEntry.of(row(3)));
        row[0] = 3;
        assertThatThrownBy(() -> RowCodec.decode(row)).hasMessageContaining("has layout 3");
    }

    @Test
    void whatWasNotMovedIsTakenOverByTheNextSpoolAndThenDeleted() throws IOException {
        Path dead = abandon(IntStream.range(0, 5).mapToObj(SpoolTest::row).toList());
        try (Spool spool = Spool.open(root, LIMIT)) {
            assertThat(drain(spool, true))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 5).mapToObj(SpoolTest::row).toList());
            assertThat(dead).doesNotExist();
        }
        assertThat(files()).isEmpty();
    }

    /** The crash may come after any byte of the last row: all before it survive, it does not. */
    @Test
    void aTornTailIsCutAtEveryByteOfTheLastRow() throws IOException {
        List<InferenceRow> rows = IntStream.range(0, 3).mapToObj(SpoolTest::row).toList();
        Path dead = abandon(rows);
        Path segment = dead.resolve("000000000000.log");
        byte[] whole = Files.readAllBytes(segment);
        int last = (int) Segment.framed(RowCodec.encode(InferenceEntry.of(rows.get(2))));
        for (int lost = 1; lost <= last; lost++) {
            Files.createDirectories(dead);
            Files.write(dead.resolve("lock"), new byte[0]);
            byte[] torn = Arrays.copyOf(whole, whole.length - lost);
            // Odd ones end in zeros, as a file does whose length was written before its bytes.
            Files.write(segment, lost % 2 == 0 ? torn : Arrays.copyOf(torn, whole.length));
            try (Spool spool = Spool.open(root, LIMIT)) {
                assertThat(drain(spool, true))
                        .as("%d bytes lost", lost)
                        .containsExactlyElementsOf(rows.subList(0, 2));
                assertThat(spool.backlog()).isZero();
            }
            assertThat(files()).as("%d bytes lost", lost).isEmpty();
        }
    }

    @Test
    void aFileThatSomethingElseDamagedIsKept() throws IOException {
        List<InferenceRow> rows = IntStream.range(0, 4).mapToObj(SpoolTest::row).toList();
        Path segment = abandon(rows).resolve("000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        int second = (int) Segment.framed(RowCodec.encode(InferenceEntry.of(rows.get(0))));
        bytes[second + 20] ^= 1;
        Files.write(segment, bytes);
        try (Spool spool = Spool.open(root, LIMIT)) {
            assertThat(drain(spool, true)).containsExactly(rows.get(0));
        }
        assertThat(files()).hasSize(1).allMatch(f -> f.toString().endsWith(".damaged"));
        assertThat(Files.readAllBytes(files().getFirst())).isEqualTo(bytes);
    }

    @Test
    void aFullSpoolRefusesAndTakesAgainWhenRowsWereMoved() throws IOException {
        try (Spool spool = Spool.open(root, 1 << 16)) {
            int taken = 0;
            while (true) {
                try {
                    spool.append(row(taken));
                    taken++;
                } catch (SpoolFullException e) {
                    assertThat(e).hasMessageContaining("is full");
                    break;
                }
            }
            assertThat(taken).isBetween(100, 400);
            int appended = taken;
            assertThatThrownBy(() -> spool.append(row(appended)))
                    .isInstanceOf(SpoolFullException.class);
            assertThat(drain(spool, false)).hasSize(taken);
            spool.append(row(taken));
            assertThat(drain(spool, false)).containsExactly(row(taken));
        }
    }

    @Test
    void twoSpoolsInOneFolderKeepApart() throws IOException {
        try (Spool one = Spool.open(root, LIMIT);
                Spool two = Spool.open(root, LIMIT)) {
            one.append(row(1));
            two.append(row(2));
            assertThat(drain(two, true)).isEmpty();
            assertThat(drain(one, false)).containsExactly(row(1));
            assertThat(drain(two, false)).containsExactly(row(2));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void manyThreadsAppendWholeRows() throws Exception {
        try (Spool spool = Spool.open(root, LIMIT)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int first = t * 250;
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = first; i < first + 250; i++) {
                                        spool.append(row(i));
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(drain(spool, false))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 1000).mapToObj(SpoolTest::row).toList());
        }
    }

    @Test
    void randomBytesInAFolderNeverBreakTheStart() throws IOException {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Path dead = Files.createDirectories(root.resolve("0-0-dead"));
            Files.write(dead.resolve("lock"), new byte[0]);
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            Files.write(dead.resolve("000000000000.log"), noise);
            try (Spool spool = Spool.open(root, LIMIT)) {
                assertThat(drain(spool, true)).as("seed %d", seed).isEmpty();
                assertThat(spool.backlog()).isZero();
            }
            assertThat(dead).doesNotExist();
        }
    }

    private static List<InferenceRow> drain(Spool spool, boolean left) throws IOException {
        List<InferenceRow> all = new ArrayList<>();
        while (true) {
            Spool.Batch batch = left ? spool.nextLeft(100) : spool.nextOwn(100);
            if (batch == null) {
                return all;
            }
            batch.rows().forEach(entry -> all.add(entry.row()));
            spool.remove(batch);
        }
    }

    /** Leaves a folder as a process does that was killed. */
    private Path abandon(List<InferenceRow> rows) throws IOException {
        Path scratch = Files.createDirectories(elsewhere.resolve("spool"));
        Spool spool = Spool.open(scratch, LIMIT);
        rows.forEach(spool::append);
        spool.close();
        Path dead = root.resolve("0-0-dead");
        try (Stream<Path> folders = Files.list(scratch)) {
            Files.move(folders.findFirst().orElseThrow(), dead);
        }
        return dead;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
