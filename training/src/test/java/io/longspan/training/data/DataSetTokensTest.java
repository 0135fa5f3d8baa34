package io.longspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.ShardWriter;
import io.longspan.corpus.TokenType;
import io.longspan.model.ModelInputException;
import io.longspan.model.convert.TokenizerCopy;
import io.longspan.training.run.RunLog;
import io.longspan.training.run.RunState;
import io.longspan.training.run.Tiny;
import io.longspan.training.run.TrainingOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSetTokensTest {
    @TempDir Path folder;

    @Test
    void aDataSetIsTrainedOnAcrossItsDocuments() {
        write(folder, Tiny.VOCABULARY, 2);
        try (DataSetTokens tokens = DataSetTokens.open(folder)) {
            assertThat(tokens.tokens()).isEqualTo(2002);
            assertThat(tokens.read(998, 5)).containsExactly(43, 44, 2, 5, 6);
            assertThat(tokens.documents().at(1000)).isZero();
            assertThat(tokens.documents().at(1001)).isEqualTo(1);
            assertThat(tokens.documents().name(1)).isEqualTo("d.txt, d1");
            Path model = Tiny.model(folder);
            TrainingOutcome outcome =
                    Tiny.run(Tiny.settings(model, folder.resolve("run")), tokens, RunLog.none());
            assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        }
    }

    @Test
    void identityFollowsTheContent() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        Path other = Files.createDirectory(folder.resolve("other"));
        write(one, 90, 2);
        write(two, 90, 2);
        write(other, 91, 2);
        assertThat(identity(one)).isEqualTo(identity(two)).isNotEqualTo(identity(other));
    }

    @Test
    void aDataSetOfAnotherTokenizerThanTheModelsIsRefused() {
        int bytes = 261;
        Path model = Tiny.model(folder, bytes);
        TokenizerCopy.copy(Path.of("../recipes/bytes"), model, 64);
        write(folder, bytes, 2);
        try (DataSetTokens tokens = DataSetTokens.open(folder)) {
            assertThatThrownBy(() ->
                            Tiny.run(
                                    Tiny.settings(model, folder.resolve("run")),
                                    tokens,
                                    RunLog.none()))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("another tokenizer (digest 000000000000)")
                    .hasMessageContaining("make the data set again");
        }
    }

    @Test
    void anotherVocabularyOrSeparatorIsRefusedFromTheManifest() {
        Path model = Tiny.model(folder);
        for (int[] wrong : new int[][] {{Tiny.VOCABULARY + 1, 2}, {Tiny.VOCABULARY, 3}}) {
            Path set = folder.resolve("set" + wrong[0]);
            assertThat(set.toFile().mkdir()).isTrue();
            write(set, wrong[0], wrong[1]);
            try (DataSetTokens tokens = DataSetTokens.open(set)) {
                assertThatThrownBy(() ->
                                Tiny.run(
                                        Tiny.settings(model, folder.resolve("run")),
                                        tokens,
                                        RunLog.none()))
                        .isInstanceOf(ModelInputException.class)
                        .hasMessageContaining("make the data set again");
            }
        }
    }

    private static String identity(Path folder) {
        try (DataSetTokens tokens = DataSetTokens.open(folder)) {
            return tokens.identity();
        }
    }

    /** Two documents of a thousand tokens, ids from 5 on. */
    private static void write(Path folder, int vocabulary, int separator) {
        try (ShardWriter writer = ShardWriter.create(folder, "shard-0", vocabulary, separator)) {
            for (int d = 0; d < 2; d++) {
                writer.add(
                        new DocumentInfo(
                                "d" + d, "text", "d.txt", "", "", "", 1, 1, "ab".repeat(32)),
                        IntStream.range(0, 1000).map(t -> 5 + t % 80).toArray());
            }
            ShardEntry entry = writer.finish();
            writer.publish();
            new Manifest(
                            "sample",
                            "text",
                            new Manifest.Tokenizer("00".repeat(32), vocabulary, separator),
                            TokenType.forVocabulary(vocabulary),
                            new TreeMap<>(),
                            new Manifest.Source(1, 1, "00".repeat(32)),
                            List.of(entry),
                            new Manifest.Totals(2, 2, new TreeMap<>(), 2002))
                    .write(folder);
        }
    }
}
