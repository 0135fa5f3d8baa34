package io.longspan.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardWriterTest {
    private static final List<int[]> TWO = List.of(new int[] {5, 6, 7}, new int[0]);

    @TempDir private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theIndexIsMegatrons() throws IOException {
        Random random = new Random(Samples.seed());
        List<int[]> books =
                Stream.of(13_071, 10_020, 52_814)
                        .map(tokens -> Samples.ids(random, tokens - 1, 50_265))
                        .toList();
        ShardEntry entry = Samples.shard(folder, "books_text_document", 50_265, books);
        assertThat(folder.resolve("books_text_document.idx"))
                .hasSameBinaryContentAs(Path.of("src/test/resources/books_text_document.idx"));
        assertThat(entry.bin().bytes()).isEqualTo(151_810);
        assertThat(entry.tokens()).isEqualTo(75_905);
    }

    @Test
    void tokensAreLittleEndianAndEndWithTheSeparator() throws IOException {
        Samples.shard(folder, "small", 65_499, List.of(new int[] {0x1234, 0xFEDC}));
        Samples.shard(folder, "wide", 65_500, List.of(new int[] {0x1234, 0xFEDC}));
        assertThat(folder.resolve("small.bin"))
                .hasBinaryContent(new byte[] {0x34, 0x12, (byte) 0xDC, (byte) 0xFE, 2, 0});
        assertThat(folder.resolve("wide.bin"))
                .hasBinaryContent(
                        new byte[] {0x34, 0x12, 0, 0, (byte) 0xDC, (byte) 0xFE, 0, 0, 2, 0, 0, 0});
        assertThat(Files.readAllBytes(folder.resolve("small.idx"))[17]).isEqualTo((byte) 8);
        assertThat(Files.readAllBytes(folder.resolve("wide.idx"))[17]).isEqualTo((byte) 4);
    }

    @Test
    void theSameDocumentsGiveTheSameBytes() throws IOException {
        Path other = Files.createDirectory(folder.resolve("it's [odd] *"));
        ShardEntry first = Samples.shard(folder, "s", 100, TWO);
        ShardEntry second = Samples.shard(other, "s", 100, TWO);
        assertThat(second).isEqualTo(first);
        for (String file : List.of("s.bin", "s.idx", "s.meta.parquet")) {
            assertThat(other.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
        }
    }

    @Test
    void provenanceComesBack() {
        Samples.shard(folder, "s", 100, TWO);
        assertThat(DataSet.provenance(folder, "s"))
                .containsExactly(Samples.info("s/0"), Samples.info("s/1"));
    }

    @Test
    void nothingIsVisibleBeforeItIsComplete() throws IOException {
        try (ShardWriter writer = ShardWriter.create(folder, "s", 100, 2)) {
            writer.add(Samples.info("a"), new int[] {1});
            assertThat(names()).allMatch(name -> name.startsWith("."));
            writer.finish();
            assertThat(names()).hasSize(3).allMatch(name -> name.startsWith("."));
            assertThat(ShardWriter.isPublished(folder, "s")).isFalse();
            writer.publish();
            assertThat(ShardWriter.isPublished(folder, "s")).isTrue();
        }
        assertThat(names()).containsExactly("s.bin", "s.idx", "s.meta.parquet");
    }

    @Test
    void aWriterThatIsClosedEarlyLeavesNothing() throws IOException {
        try (ShardWriter writer = ShardWriter.create(folder, "s", 100, 2)) {
            writer.add(Samples.info("a"), new int[] {1});
            writer.finish();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void leftoversOfAKilledRunAreRemoved() throws IOException {
        for (String left :
                List.of(
                        ".s.bin.partial",
                        ".s.idx.partial",
                        ".s.meta.parquet.partial",
                        "s.bin",
                        "s.meta.parquet")) {
            Files.writeString(folder.resolve(left), "left over, and longer than what comes");
        }
        ShardEntry entry = Samples.shard(folder, "s", 100, TWO);
        assertThat(names()).containsExactly("s.bin", "s.idx", "s.meta.parquet");
        assertThat(Files.size(folder.resolve("s.bin"))).isEqualTo(entry.bin().bytes());
    }

    @Test
    void aShardIsWrittenOnce() throws IOException {
        Samples.shard(folder, "s", 100, TWO);
        byte[] before = Files.readAllBytes(folder.resolve("s.bin"));
        assertThatThrownBy(() -> ShardWriter.create(folder, "s", 100, 2))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("s.idx' exists");
        assertThat(folder.resolve("s.bin")).hasBinaryContent(before);
    }

    @Test
    void whatCannotBeStoredIsRefused() {
        try (ShardWriter writer = ShardWriter.create(folder, "s", 100, 2)) {
            assertThatThrownBy(() -> writer.add(Samples.info("a"), new int[] {100}))
                    .hasMessageContaining("'a' has id 100 of 100");
            assertThatThrownBy(() -> writer.add(Samples.info("a"), new int[] {-1}))
                    .hasMessageContaining("id -1");
            assertThatThrownBy(writer::finish).hasMessageContaining("at least one document");
        }
        assertThatThrownBy(() -> ShardWriter.create(folder, "../s", 100, 2))
                .hasMessageContaining("shard name '../s'");
        assertThatThrownBy(() -> ShardWriter.create(folder.resolve("none"), "s", 100, 2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(".s.bin.partial' cannot be written");
    }

    @Test
    void whatWasDroppedMustAddUp() {
        assertThatThrownBy(() -> new Manifest.Totals(5, 3, new TreeMap<>(), 10))
                .hasMessageContaining("5 documents read, 3 written, 0 dropped");
    }
}
