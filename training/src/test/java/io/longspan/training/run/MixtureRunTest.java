package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.TokenSource;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.Feeds;
import io.longspan.training.objective.ReadSoFar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class MixtureRunTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"masked-lm", "causal-lm"})
    void aRunInTwoPartsEqualsARunInOneBitForBit(String objective) throws Exception {
        Path model = objective.equals("causal-lm") ? Tiny.causal(folder) : Tiny.model(folder);
        RecordedLog whole = new RecordedLog();
        TrainingOutcome one = run(settings(objective, model, "one"), whole, -1);
        assertThat(one.state()).isEqualTo(RunState.COMPLETED);
        RecordedLog first = new RecordedLog();
        assertThat(run(settings(objective, model, "two"), first, 3).steps()).isEqualTo(3);
        RecordedLog rest = new RecordedLog();
        TrainingOutcome two = run(settings(objective, model, "two"), rest, -1);
        first.losses.putAll(rest.losses);
        assertThat(first.losses).isEqualTo(whole.losses).hasSize(6);
        rest.metrics.forEach((name, values) ->
                first.metrics.computeIfAbsent(name, _ -> new TreeMap<>()).putAll(values));
        assertThat(first.metrics).isEqualTo(whole.metrics);
        assertThat(two.tokens()).isEqualTo(one.tokens());
        assertThat(
                        Files.mismatch(
                                one.checkpoint().resolve("model.safetensors"),
                                two.checkpoint().resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void tokensOfEachDataSetAreCounted() {
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = run(settings("masked-lm", Tiny.model(folder), "run"), log, -1);
        TreeMap<Long, Double> few = log.metrics.get("tokens_short");
        TreeMap<Long, Double> many = log.metrics.get("tokens_long");
        assertThat(few).hasSize(6);
        assertThat(few.lastEntry().getValue() + many.lastEntry().getValue())
                .isEqualTo((double) outcome.tokens());
        assertThat(few.get(1L)).isLessThan(few.get(6L));
        assertThat(many.get(6L)).isPositive();
    }

    /** What is in a batch is whole sequences of documents, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"masked-lm", "causal-lm"})
    void batchesHoldDocumentsWithoutPaddingUpToTheirTokens(String objective) {
        Path path = objective.equals("causal-lm") ? Tiny.causal(folder) : Tiny.model(folder);
        Map<String, Object> settings = settings(objective, path, "run");
        settings.put("mask_share", 0.99);
        if (objective.equals("causal-lm")) {
            settings.remove("mask_share");
        }
        TrainingConfig config = TrainingConfig.parse(settings);
        try (TrainableModel model = TrainableModel.open(path, Progress.none())) {
            Feed feed = Feeds.stream(config, TinyDocuments.pair(), model.setup(), path);
            List<Long> all = new ArrayList<>();
            ReadSoFar before = ReadSoFar.NOTHING;
            for (int step = 0; step < 40; step++) {
                long tokens = 0;
                Feed.Step made = feed.step(step);
                for (Feed.Sample sample : made.batches()) {
                    SequenceLayout layout = sample.batch().tokens().layout();
                    assertThat(layout.tokens()).isLessThanOrEqualTo(64);
                    assertThat(layout.maskedCount()).isZero();
                    assertThat(layout.sequences()).isEqualTo(sample.samples().size());
                    assertThat(
                                    IntStream.range(0, layout.sequences())
                                            .map(layout::start)
                                            .mapToLong(t -> sample.batch().tokens().ids()[t]))
                            .containsOnly((long) model.config().ids().bos());
                    tokens += layout.tokens();
                    all.addAll(sample.samples());
                }
                assertThat(made.read().tokens()).isEqualTo(tokens).isBetween(98L, 130L);
                assertThat(feed.read(step)).isEqualTo(made.read());
                if (step < 39) {
                    before = before.and(made.read());
                }
            }
            assertThat(before.sequences()).isEqualTo(all.size() - feed.read(39).sequences());
            // The same whatever was asked before, as after a resume.
            for (boolean told : new boolean[] {true, false}) {
                Feed again = Feeds.stream(config, TinyDocuments.pair(), model.setup(), path);
                if (told) {
                    again.goOn(39, before);
                }
                List<Long> late =
                        again.step(39).batches().stream()
                                .flatMap(sample -> sample.samples().stream())
                                .toList();
                assertThat(late).isEqualTo(all.subList(all.size() - late.size(), all.size()));
                assertThat(again.read(3)).isEqualTo(feed.read(3));
            }
        }
    }

    /** A checkpoint of an older version does not say what was read; the run finds it out. */
    @ParameterizedTest
    @ValueSource(strings = {"documents", "concatenated"})
    void whatWasReadIsKeptAndFoundOutWhereItWasNot(String packing) throws IOException {
        List<Object> counts = new ArrayList<>();
        Path model = Tiny.model(folder);
        for (String output : List.of("straight", "kept", "older")) {
            Map<String, Object> settings = settings("masked-lm", model, output);
            settings.put("packing", packing);
            settings.put("tokens_per_step", 128);
            RecordedLog log = new RecordedLog();
            if (!output.equals("straight")) {
                Path checkpoint =
                        Objects.requireNonNull(run(settings, new RecordedLog(), 3).checkpoint());
                Path state = checkpoint.resolve(RunFolder.STATE).resolve("state.json");
                ObjectNode root = InputJson.object(Files.readAllBytes(state));
                assertThat(root.path("read").path("tokens").asLong()).isPositive();
                if (output.equals("older")) {
                    root.remove("read");
                    Files.writeString(state, InputJson.text(root));
                }
            }
            TrainingOutcome outcome = run(settings, log, -1);
            counts.add(
                    List.of(
                            outcome.tokens(),
                            log.metrics.get("tokens_long").lastEntry().getValue()));
        }
        assertThat(counts).containsOnly(counts.getFirst());
    }

    @Test
    void aRunIsNotGoneOnWithWithOtherWeightsOrPackingButFromOtherFolders() {
        Path model = Tiny.model(folder);
        run(settings("masked-lm", model, "run"), new RecordedLog(), 2);
        for (Map.Entry<String, Object> change :
                Map.<String, Object>of(
                                "data",
                                List.of(Map.of("path", "short"), Map.of("path", "long")),
                                "packing",
                                "concatenated")
                        .entrySet()) {
            Map<String, Object> settings = settings("masked-lm", model, "run");
            settings.put(change.getKey(), change.getValue());
            settings.put("tokens_per_step", 128);
            assertThatThrownBy(() -> run(settings, new RecordedLog(), -1))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining(
                            change.getKey().equals("data")
                                    ? "data_weights was 3.0, 1.0 and is 1.0, 1.0"
                                    : "packing was documents and is not set");
        }
        Map<String, Object> moved = settings("masked-lm", model, "run");
        moved.put(
                "data",
                List.of(
                        Map.of("path", "elsewhere", "weight", 3, "name", "short"),
                        Map.of("path", "long")));
        assertThat(run(moved, new RecordedLog(), -1).state()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void aDataSetOfAnotherVocabularyIsNamed() {
        List<TokenSource> data =
                List.of(TinyDocuments.of("short", 50, 9), TinyDocuments.of("long", 80, 30, 30));
        assertThatThrownBy(() ->
                        Tiny.run(
                                settings("masked-lm", Tiny.model(folder), "run"),
                                data,
                                new RecordedLog(),
                                "chunks",
                                () -> false))
                .isInstanceOf(ModelInputException.class)
                .hasMessageStartingWith("'long': the data set holds id 97");
    }

    private Map<String, Object> settings(String objective, Path model, String output) {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve(output));
        TinyDocuments.put(settings);
        settings.put("objective", objective);
        if (objective.equals("causal-lm")) {
            settings.remove("mask_token_id");
        }
        return settings;
    }

    private static TrainingOutcome run(Map<String, Object> settings, RunLog log, int stopAfter) {
        AtomicInteger asked = new AtomicInteger();
        return Tiny.run(
                settings,
                TinyDocuments.pair(),
                log,
                "fused",
                () -> asked.getAndIncrement() == stopAfter);
    }
}
