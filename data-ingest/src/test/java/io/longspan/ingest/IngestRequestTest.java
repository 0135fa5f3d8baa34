package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.SourceFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IngestRequestTest {
    @Test
    void aRequestTravelsAsJson() {
        IngestRequest request =
                new IngestRequest(
                        Corpus.TEXT,
                        List.of(Path.of("a \"b\""), Path.of("c")),
                        Path.of("out"),
                        Path.of("tok"),
                        "na\u00efve",
                        new IngestSettings(Normalization.NONE, 5, 6),
                        7);
        assertThat(IngestRequest.fromJson(request.toJson())).isEqualTo(request);
        assertThat(request.out()).isAbsolute();
    }

    @Test
    void whatIsLeftOutIsTheDefault() {
        assertThat(
                        IngestRequest.fromJson(
                                "{\"corpus\":\"books\",\"source\":\"b\",\"out\":\"o\",\"tokenizer\":\"t\"}"))
                .isEqualTo(
                        IngestRequest.of(Corpus.BOOKS, Path.of("b"), Path.of("o"), Path.of("t")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not valid JSON",
                "{'corpus':'cats'} | corpus #cats# is not known; name one of #books#, #text#, #bookcorpusopen#",
                "{'corpus':7} | #corpus# of the ingest request is no text",
                "{'shard_size':7} | [shard_size] that are not known",
                "{@,'workers':0} | #workers# is 0",
                "{@,'workers':1.5} | a whole number is needed",
                "{@,'source':[]} | Duplicate",
                "{'corpus':'text','source':[],'out':'b','tokenizer':'c'} | no source is named",
                "{@,'normalize':'nfc'} | normalization #nfc#",
                "{@,'shard_bytes':0} | #shard_bytes# is 0",
                "{@,'one_in':0} | #one_in# is #0#; it must be a whole number from 1 to",
                "{@,'quality':'gofer'} | #quality# has #gofer#; name some of",
                "{@,'split':'test'} | #split# is #test#; it must be one of [all, train, validation]",
                "{@,'encoding':'latin-99'} | #encoding# is #latin-99#, which Java does not know",
                "{@,'profile':'best'} | profile #best# is not known; name #all# or #paper#",
                "{@,'text_column':' '} | #text_column# is blank",
            },
            quoteCharacter = '`')
    void whatIsWrongIsNamed(String json, String message) {
        String whole =
                json.replace("@", "'corpus':'text','source':'a','out':'b','tokenizer':'c'")
                        .replace('\'', '"');
        assertThatThrownBy(() -> IngestRequest.fromJson(whole))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(message.replace('#', '\''));
    }

    @Test
    void shardBordersFollowFromTheSizes() {
        CorpusReader reader = Corpus.TEXT.reader(IngestSettings.STANDARD);
        LaneMaker maker = new LaneMaker(reader, 10);
        for (long bytes : new long[] {5, 5, 1, 20, 3, 0, 7}) {
            maker.add(new SourceFile(Path.of("f.txt"), "f.txt", bytes, 0), List.of());
        }
        assertThat(maker.made())
                .containsExactly(
                        new Plan.Lane("shard-00000", 0, 2, 0, -1, 10, false),
                        new Plan.Lane("shard-00001", 2, 1, 0, -1, 1, false),
                        new Plan.Lane("shard-00002", 3, 1, 0, -1, 20, false),
                        new Plan.Lane("shard-00003", 4, 3, 0, -1, 10, false));
    }

    @Test
    void anArchiveHasALaneOfItsOwn() {
        LaneMaker maker = new LaneMaker(Corpus.TEXT.reader(IngestSettings.STANDARD), 10);
        maker.add(new SourceFile(Path.of("a.txt"), "a.txt", 4, 0), List.of());
        maker.add(new SourceFile(Path.of("b.tar.gz"), "b.tar.gz", 40, 0), List.of());
        maker.add(new SourceFile(Path.of("c.txt"), "c.txt", 4, 0), List.of());
        assertThat(maker.made())
                .containsExactly(
                        new Plan.Lane("shard-00000", 0, 1, 0, -1, 4, false),
                        new Plan.Lane("shard-00001", 1, 1, 0, -1, 40, true),
                        new Plan.Lane("shard-00002", 2, 1, 0, -1, 4, false));
        assertThat(maker.made().get(1).shard(3)).isEqualTo("shard-00001-0003");
    }

    @Test
    void rulesTravelAsJsonAndAProfileIsWhatItStandsFor() {
        IngestRequest request =
                IngestRequest.fromJson(
                        """
                        {"corpus": "realnews", "source": "a", "out": "b", "tokenizer": "c",
                         "profile": "paper", "unique": true, "one_in": 5, "encoding": "windows-1252"}
                        """);
        assertThat(request.settings().rules().values())
                .containsOnly(
                        entry("longer_than", "1200"),
                        entry("one_in", "5"),
                        entry("unique", "yes"),
                        entry("encoding", "windows-1252"));
        assertThat(IngestRequest.fromJson(request.toJson())).isEqualTo(request);
        assertThat(Corpus.STORIES.profile("paper").values()).containsOnly(entry("one_in", "3"));
        assertThat(Corpus.WIKIPEDIA.profile("paper").values()).isEmpty();
    }
}
