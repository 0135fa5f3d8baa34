package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.corpus.CorpusException;
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
                "{'corpus':'cats'} | corpus #cats# is not known; name one of #books#, #text#",
                "{'corpus':7} | #corpus# of the ingest request is no text",
                "{'shard_size':7} | [shard_size] that are not known",
                "{@,'workers':0} | #workers# is 0",
                "{@,'workers':1.5} | a whole number is needed",
                "{@,'source':[]} | Duplicate",
                "{'corpus':'text','source':[],'out':'b','tokenizer':'c'} | no source is named",
                "{@,'normalize':'nfc'} | normalization #nfc#",
                "{@,'shard_bytes':0} | #shard_bytes# is 0",
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
        List<Plan.PlannedFile> files =
                List.of(file(5), file(5), file(1), file(20), file(3), file(0), file(7));
        assertThat(Plan.of(files, 10).shards())
                .containsExactly(
                        new Plan.PlannedShard("shard-00000", 0, 2),
                        new Plan.PlannedShard("shard-00001", 2, 1),
                        new Plan.PlannedShard("shard-00002", 3, 1),
                        new Plan.PlannedShard("shard-00003", 4, 3));
    }

    private static Plan.PlannedFile file(long bytes) {
        return new Plan.PlannedFile("f", bytes, 0, "");
    }
}
