package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class CausalTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "fused"})
    void theLossIsThatOfTransformersOnTheSameBatch(String name) throws IOException {
        Path fixture = Path.of("src/test/resources/fixtures/causal-lm");
        ObjectNode expected =
                InputJson.object(Files.readAllBytes(fixture.resolve("expected.json")));
        int[] tokens = // [2, 23], every token but <s>
                StreamSupport.stream(expected.get("ids").spliterator(), false)
                        .flatMap(row -> StreamSupport.stream(row.spliterator(), false).skip(1))
                        .mapToInt(id -> id.asInt())
                        .toArray();
        try (AttentionBackend backend = Tiny.backend(name)) {
            Evaluator.Result result =
                    new Evaluator(fixture, folder, Map.of("sequence_length", 24))
                            .run(backend, Tiny.source(tokens, "two rows"));
            double loss = expected.get("loss").asDouble();
            assertThat(result.measured().loss()).isEqualTo(loss, within(1e-4));
            assertThat(result.measured().metrics().get("bits_per_token"))
                    .isEqualTo(loss / Math.log(2), within(1e-4));
            assertThat(result.measured().metrics().get("perplexity"))
                    .isEqualTo(Math.exp(loss), within(2e-2));
            assertThat(result.measured().metrics()).doesNotContainKey("bits_per_character");
        }
    }

    @Test
    void countingIsLearned() {
        Map<String, Object> settings = settings(Tiny.causal(folder, Tiny.VOCABULARY, true), "run");
        settings.put("steps", 60);
        TrainingOutcome outcome = Tiny.run(settings, Tiny.data(3000), new RecordedLog(), "fused");
        System.out.println("causal loss " + outcome.firstLoss() + " -> " + outcome.lastLoss());
        assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        // Without looking at the token before, 30 tokens that are as frequent cost ln 30.
        assertThat(outcome.lastLoss()).isLessThan(Math.log(30) - 0.8);
    }

    @Test
    void bitsOfACharacterAreThoseOfAllItsTokens() throws IOException {
        Path model = Tiny.causal(folder, TinyTask.VOCABULARY, true);
        TinyTask.tokenizer(model);
        RecordedLog log = new RecordedLog();
        // Two bytes for each of the letters, so there are two tokens a character.
        byte[] text = "\u00e4\u00f6\u00fc".repeat(800).getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[text.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 4 + (text[i] & 0xff);
        }
        TrainingOutcome outcome =
                Tiny.run(settings(model, "run"), Tiny.source(ids, "umlauts"), log, "fused");
        double token = log.metrics.get("held_out_bits_per_token").lastEntry().getValue();
        double character = log.metrics.get("held_out_bits_per_character").lastEntry().getValue();
        assertThat(token).isEqualTo(outcome.lastLoss() / Math.log(2), within(1e-9));
        // A block of 31 tokens cuts one character, of which both halves count as one.
        assertThat(character / token).isEqualTo(31.0 / 16, within(0.04));
    }

    @Test
    void aRunInTwoPartsEqualsARunInOne() {
        Path model = Tiny.causal(folder, Tiny.VOCABULARY, true);
        RecordedLog whole = new RecordedLog();
        Tiny.run(settings(model, "one"), Tiny.data(3000), whole, "fused");
        RecordedLog parts = new RecordedLog();
        AtomicInteger asked = new AtomicInteger();
        Tiny.run(
                settings(model, "two"),
                Tiny.data(3000),
                parts,
                "fused",
                () -> asked.getAndIncrement() == 2);
        assertThat(parts.losses).hasSize(2);
        RecordedLog rest = new RecordedLog();
        Tiny.run(settings(model, "two"), Tiny.data(3000), rest, "fused");
        parts.losses.putAll(rest.losses);
        assertThat(parts.losses).isEqualTo(whole.losses).hasSize(6);
    }

    @Test
    void aModelThatSeesWhatComesIsRefused() {
        assertThatThrownBy(() ->
                        Tiny.run(
                                settings(Tiny.causal(folder, Tiny.VOCABULARY, false), "run"),
                                Tiny.data(3000),
                                new RecordedLog(),
                                "fused"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContainingAll("causal-lm", "masked-lm", "\"causal\": true");
    }

    private Map<String, Object> settings(Path model, String output) {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve(output));
        settings.put("objective", "causal-lm");
        settings.remove("mask_token_id");
        return settings;
    }
}
