package io.longspan.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DataSetTest {
    @TempDir private Path folder;

    /** The tokens of all documents in a row, with separators. */
    private int[] build(List<List<int[]>> shards, int vocabulary) {
        List<ShardEntry> entries = new ArrayList<>();
        IntStream row = IntStream.empty();
        for (int s = 0; s < shards.size(); s++) {
            entries.add(Samples.shard(folder, "shard-" + s, vocabulary, shards.get(s)));
            for (int[] document : shards.get(s)) {
                row =
                        IntStream.concat(
                                row,
                                IntStream.concat(
                                        Arrays.stream(document), IntStream.of(Samples.SEPARATOR)));
            }
        }
        Samples.manifest(vocabulary, entries).write(folder);
        return row.toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 1 << 20})
    void anyRangeOfTheRowIsRead(int vocabulary) {
        Random random = new Random(Samples.seed());
        int[] row = build(Samples.documents(random, 4, vocabulary), vocabulary);
        try (DataSet data = DataSet.open(folder)) {
            assertThat(data.tokens()).isEqualTo(row.length);
            assertThat(data.read(0, row.length)).isEqualTo(row);
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(row.length + 1);
                int count = random.nextInt(row.length - from + 1);
                assertThat(data.read(from, count))
                        .isEqualTo(Arrays.copyOfRange(row, from, from + count));
            }
            assertThatThrownBy(() -> data.read(row.length, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> data.read(-1, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void documentsKeepTheirOrderAcrossShards() {
        Random random = new Random(Samples.seed());
        List<List<int[]>> shards = Samples.documents(random, 3, 500);
        build(shards, 500);
        List<int[]> documents = shards.stream().flatMap(List::stream).toList();
        try (DataSet data = DataSet.open(folder)) {
            assertThat(data.documents()).isEqualTo(documents.size());
            long start = 0;
            for (int d = 0; d < documents.size(); d++) {
                int[] wanted = documents.get(d);
                int[] found = data.document(d);
                assertThat(Arrays.copyOf(found, found.length - 1)).isEqualTo(wanted);
                assertThat(found[found.length - 1]).isEqualTo(Samples.SEPARATOR);
                assertThat(data.length(d)).isEqualTo(wanted.length + 1);
                assertThat(data.start(d)).isEqualTo(start);
                assertThat(data.document(d, wanted.length, 1)).containsExactly(2);
                int beyond = wanted.length + 2;
                int document = d;
                assertThatThrownBy(() -> data.document(document, 0, beyond))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                start += wanted.length + 1;
            }
            assertThatThrownBy(() -> data.document(documents.size()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aClosedDataSetReadsNoMore() {
        build(List.of(List.of(new int[] {3})), 500);
        DataSet data = DataSet.open(folder);
        data.close();
        assertThatThrownBy(() -> data.read(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWholeDataSetIsValid() {
        int[] row = build(Samples.documents(new Random(Samples.seed()), 3, 500), 500);
        Validation found = DataSet.validate(folder);
        assertThat(found.problems()).isEmpty();
        assertThat(found.whole()).isTrue();
        assertThat(found.shards()).isEqualTo(3);
        assertThat(found.tokens()).isEqualTo(row.length);
    }

    @ParameterizedTest
    @CsvSource({"shard-0.bin, 3", "shard-0.idx, 44", "shard-0.meta.parquet, 100"})
    void oneBitThatChangedIsFound(String file, int at) throws IOException {
        build(Samples.documents(new Random(4), 2, 500), 500);
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        bytes[at] ^= 1;
        Files.write(folder.resolve(file), bytes);
        assertThat(DataSet.validate(folder).problems())
                .singleElement()
                .asString()
                .contains(file, "SHA-256");
    }

    @ParameterizedTest
    @CsvSource({
        "shard-0.bin, its index ends at",
        "shard-0.idx, one sequence for each document",
        "shard-1.bin, its index ends at",
    })
    void aFileThatLostItsEndIsRefused(String file, String message) throws IOException {
        build(Samples.documents(new Random(4), 2, 500), 500);
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        Files.write(folder.resolve(file), Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> DataSet.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(message);
    }

    @Test
    void shardsOfAnotherDataSetAreRefused() {
        build(List.of(List.of(new int[] {3})), 500);
        ShardEntry other = Samples.shard(folder, "other", 500, List.of(new int[] {3, 4}));
        ShardEntry lying =
                new ShardEntry(
                        "shard-0", 1, other.tokens(), other.bin(), other.idx(), other.meta());
        Samples.manifest(500, List.of(lying)).write(folder);
        assertThatThrownBy(() -> DataSet.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("the manifest says 1, 3");
        assertThat(DataSet.validate(folder).problems()).hasSize(1);
    }

    @Test
    void manifestsComeBackAndAreAlwaysTheSameText() throws IOException {
        build(Samples.documents(new Random(6), 2, 500), 500);
        Manifest manifest = Manifest.read(folder);
        String text = Files.readString(folder.resolve("manifest.json"));
        assertThat(manifest.toJson()).isEqualTo(text);
        assertThat(text).contains("\"dropped\": {\n      \"empty\": 3").endsWith("}\n");
        assertThat(manifest.totals().droppedInAll()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "\"format_version\": 1, \"format_version\": 2, format version 2",
        "\"dtype\": \"uint16\", \"dtype\": \"int7\", int7",
        "\"name\": \"shard-0\", \"name\": \"../shard\", shard name '../shard'",
        "\"written\", \"wrtten\", written",
        "\"empty\": 3, \"empty\": 4, documents read",
        "{, [, manifest.json' is no manifest",
    })
    void aManifestThatIsNoneIsRefused(String from, String to, String message) throws IOException {
        build(Samples.documents(new Random(6), 1, 500), 500);
        Path file = folder.resolve("manifest.json");
        Files.writeString(file, Files.readString(file).replace(from, to));
        assertThatThrownBy(() -> DataSet.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFolderWithoutManifestIsRefused() {
        assertThatThrownBy(() -> DataSet.open(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("has no manifest.json");
    }

    /** Written by hand, and empty for the most part: the disk stores next to nothing. */
    @Test
    void shardsBeyondTwoGibibytesAreRead() throws IOException {
        int first = (1 << 30) + 100;
        ByteBuffer index = ByteBuffer.allocate(34 + 2 * 12 + 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
        index.put("MMIDIDX\0\0".getBytes(StandardCharsets.ISO_8859_1)).putLong(1).put((byte) 8);
        index.putLong(2).putLong(3).putInt(first).putInt(3).putLong(0).putLong(2L * first);
        index.putLong(0).putLong(1).putLong(2);
        Files.write(folder.resolve("big.idx"), index.array());
        try (RandomAccessFile bin =
                new RandomAccessFile(folder.resolve("big.bin").toFile(), "rw")) {
            bin.seek(2L * first - 2);
            bin.write(new byte[] {2, 0, 7, 0, 8, 0, 2, 0});
        }
        ShardEntry.FileEntry any = new ShardEntry.FileEntry(0, "");
        Samples.manifest(500, List.of(new ShardEntry("big", 2, first + 3L, any, any, any)))
                .write(folder);
        try (DataSet data = DataSet.open(folder)) {
            assertThat(data.document(1)).containsExactly(7, 8, 2);
            assertThat(data.read(first - 2L, 4)).containsExactly(0, 2, 7, 8);
        }
    }
}
