package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The bench of the ingest on the books of the demo: that it measures, not how much. */
final class IngestBenchTest {
    @Test
    void theTokenizerAndTheWholeWayAreTimedOnTheSameBooks() {
        Cli run = Cli.run("bench", "ingest", "--runs", 1, "--threads", 2, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = run.json();
        JsonNode alone = json.get("tokenizer");
        assertThat(json.get("documents").asInt()).isEqualTo(3);
        assertThat(json.get("source_bytes").asLong()).isEqualTo(alone.get("bytes").asLong());
        assertThat(json.get("share_of_tokenizer").asDouble())
                .isEqualTo(
                        json.get("mb_per_second").asDouble()
                                / alone.get("mb_per_second_of_all").asDouble())
                .isPositive();
        assertThat(alone.has("ratio")).isFalse();
        assertThat(json.get("peak_rss_bytes").asLong()).isGreaterThan(50_000_000);
    }

    @Test
    void aSourceWithoutTextsHasNoPeer() {
        Cli run =
                Cli.run(
                        "bench",
                        "ingest",
                        "--corpus",
                        "wikipedia",
                        "--source",
                        "dump.xml",
                        "--python",
                        "python3");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'dump.xml' is no source of .txt files");
    }
}
