package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The bench of the server, on a small model for a short time: that it measures, not how much. */
final class ServeBenchTest {
    @Test
    void everyLoadIsAnsweredAndComparedWithTheModelAlone() {
        // Answers come in batches, under load up to a second apart: two seconds hold some of each.
        Cli run = Cli.run("bench", "serve", "--seconds", "2", "--callers", "1,4", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = run.json();
        double raw = json.get("raw_tokens_per_second").asDouble();
        double peak = json.get("peak_tokens_per_second").asDouble();
        assertThat(raw)
                .isBetween(
                        Math.min(
                                json.get("raw_before").asDouble(),
                                json.get("raw_after").asDouble()),
                        Math.max(
                                json.get("raw_before").asDouble(),
                                json.get("raw_after").asDouble()));
        assertThat(json.get("ratio").asDouble()).isEqualTo(peak / raw).isPositive();
        assertThat(json.get("goodput").asDouble())
                .isEqualTo(json.get("overload").get("tokens_per_second").asDouble() / peak)
                .isPositive();
        double limit = json.get("limit_tokens_per_second").asDouble();
        assertThat(json.get("goodput_of_limit").asDouble())
                .isEqualTo(json.get("overload").get("tokens_per_second").asDouble() / limit)
                .isPositive();
        List<JsonNode> loads =
                List.of(
                        json.get("alone"),
                        json.get("peak"),
                        json.get("half").get(0),
                        json.get("half").get(1),
                        json.get("overload"));
        assertThat(loads)
                .extracting(load -> load.get("callers").asInt())
                .containsExactly(1, 64, 1, 4, 64);
        for (JsonNode load : loads) {
            assertThat(load.get("answered").asLong()).isPositive();
            assertThat(load.get("failed").asLong()).isZero();
            assertThat(load.get("load_cores").asDouble()).isPositive();
            assertThat(load.get("server_cores").asDouble())
                    .isBetween(0.0, (double) Runtime.getRuntime().availableProcessors() + 0.5);
            double p50 = load.get("p50_ms").asDouble();
            assertThat(load.get("p99_ms").asDouble()).isGreaterThanOrEqualTo(p50);
            assertThat(load.get("overhead_p50_ms").asDouble()).isBetween(0.0, p50);
        }
        assertThat(json.get("half").get(0).get("offered_per_second").asDouble())
                .isEqualTo(json.get("overload").get("offered_per_second").asDouble() / 4);
    }

    @Test
    void wrongNumbersAreSaidBeforeAnythingIsMeasured() {
        assertThat(Cli.run("bench", "serve", "--callers", "65").code()).isEqualTo(2);
        Cli both = Cli.run("bench", "serve", "--preset", "tiny", "--model", "x");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--model and --preset are both given");
        assertThat(Cli.run("bench", "serve", "--seconds", "0.1").err())
                .contains("it must be from 0.5 to 600");
    }
}
