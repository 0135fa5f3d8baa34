package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.session.Classification;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.training.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class FineTuningTest {
    private static final long SEED = 11;

    @TempDir Path folder;
    private Path model;
    private List<ObjectNode> lines;
    private Path train;

    @BeforeEach
    void makeModelAndExamples() {
        model = Tiny.model(folder, TinyTask.VOCABULARY);
        TinyTask.tokenizer(model);
        lines = TinyTask.words(240, SEED);
        train = TinyTask.write(folder.resolve("train.jsonl"), lines);
    }

    @Test
    void aTaskIsLearnedAndOneWithShuffledLabelsIsNot() throws IOException {
        Path validation =
                TinyTask.write(folder.resolve("validation.jsonl"), TinyTask.words(200, SEED + 1));
        Map<String, Object> settings = settings("run");
        settings.put("validation", validation.toString());
        settings.put("epochs", 4);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.tune(settings, log, "fused");

        Map<String, Object> control = settings("control");
        control.put("validation", validation.toString());
        control.put("epochs", 4);
        control.put(
                "train",
                TinyTask.write(folder.resolve("shuffled.jsonl"), TinyTask.shuffled(lines, SEED))
                        .toString());
        RecordedLog shuffled = new RecordedLog();
        Tiny.tune(control, shuffled, "fused");

        double learned = log.metrics.get("held_out_accuracy").lastEntry().getValue();
        double chance = shuffled.metrics.get("held_out_accuracy").lastEntry().getValue();
        System.out.println("seed " + SEED + ": accuracy " + learned + ", control " + chance);
        assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        assertThat(learned).isGreaterThan(0.9);
        assertThat(chance).isLessThan(0.75);
        assertThat(log.metrics.get("held_out_micro_f1").lastEntry().getValue()).isEqualTo(learned);
        assertThat(log.metrics.get("held_out_macro_f1").lastEntry().getValue())
                .isCloseTo(learned, within(0.05));
        assertThat(outcome.tokens()).isEqualTo(4 * tokens(lines));
        try (AttentionBackend backend = Tiny.backend("fused")) {
            Evaluator.Result again =
                    new Evaluator(outcome.checkpoint(), validation, Map.of()).run(backend, null);
            assertThat(again.examples()).isEqualTo(200);
            assertThat(again.measured().loss()).isEqualTo(outcome.lastLoss());
            assertThat(again.measured().metrics()).containsEntry("accuracy", learned);
        }

        LongformerConfig made =
                LongformerConfigJson.read(outcome.checkpoint().resolve("config.json"));
        assertThat(made.labels()).containsExactly("quiet", "zesty");
        assertThat(made.problemType()).isEqualTo("single_label_classification");
        assertThat(made.architectures()).containsExactly("LongformerForSequenceClassification");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "fused"})
    void aRunInTwoPartsEqualsARunInOneBitForBit(String backend) throws IOException {
        RecordedLog whole = new RecordedLog();
        TrainingOutcome one = Tiny.tune(dropping("one"), whole, backend);
        assertThat(whole.losses).hasSize(28);

        RecordedLog first = new RecordedLog();
        AtomicInteger asked = new AtomicInteger();
        TrainingOutcome stopped =
                Tiny.tune(dropping("two"), first, backend, () -> asked.getAndIncrement() == 16);
        assertThat(stopped.state()).isEqualTo(RunState.STOPPED);
        RecordedLog second = new RecordedLog();
        TrainingOutcome two = Tiny.tune(dropping("two"), second, backend);
        first.losses.putAll(second.losses);
        first.heldOut.putAll(second.heldOut);
        assertThat(first.losses).isEqualTo(whole.losses);
        assertThat(first.heldOut).isEqualTo(whole.heldOut);
        assertThat(two.tokens()).isEqualTo(one.tokens());
        for (String file :
                List.of(
                        "model.safetensors",
                        "config.json",
                        "training-state/state.json",
                        "training-state/optimizer.safetensors")) {
            assertThat(
                            Files.mismatch(
                                    one.checkpoint().resolve(file), two.checkpoint().resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    private Map<String, Object> dropping(String output) {
        Map<String, Object> settings = settings(output);
        settings.put("hidden_dropout", 0.1);
        settings.put("attention_dropout", 0.1);
        settings.put("best_metric", "macro_f1");
        settings.put("patience", 50);
        return settings;
    }

    @Test
    void theRunBeginsWithAFreshHeadAndCopiedGlobalProjections() {
        Map<String, Object> settings = settings("run");
        Tiny.tune(settings, new RecordedLog(), "chunks", () -> true);
        try (SafetensorsFile before = SafetensorsFile.open(model.resolve("model.safetensors"));
                SafetensorsFile begin =
                        SafetensorsFile.open(
                                folder.resolve("run/step-00000000/model.safetensors"))) {
            String self = "longformer.encoder.layer.1.attention.self.";
            assertThat(begin.get(self + "key_global.weight").toFloats())
                    .isEqualTo(before.get(self + "key.weight").toFloats())
                    .isNotEqualTo(before.get(self + "key_global.weight").toFloats());
            assertThat(begin.names()).noneMatch(name -> name.startsWith("lm_head"));
            assertThat(begin.get("classifier.dense.bias").toFloats()).containsOnly(0);
            float[] dense = begin.get("classifier.dense.weight").toFloats();
            double squares = 0;
            for (float weight : dense) {
                squares += weight * weight;
            }
            assertThat(Math.sqrt(squares / dense.length)).isBetween(0.015, 0.025);
        }
        settings.put("output", folder.resolve("kept").toString());
        settings.put("global_projections", "keep");
        settings.put("global_tokens", "none");
        Tiny.tune(settings, new RecordedLog(), "chunks", () -> true);
        try (SafetensorsFile before = SafetensorsFile.open(model.resolve("model.safetensors"));
                SafetensorsFile begin =
                        SafetensorsFile.open(
                                folder.resolve("kept/step-00000000/model.safetensors"))) {
            String key = "longformer.encoder.layer.1.attention.self.key_global.weight";
            assertThat(begin.get(key).toFloats()).isEqualTo(before.get(key).toFloats());
        }
        assertThat(
                        LongformerConfigJson.read(folder.resolve("kept/step-00000000/config.json"))
                                .inputFormat()
                                .globalTokens())
                .isEqualTo(GlobalPolicy.Named.NONE);
    }

    @Test
    void aModelThatWasTunedHereAnswersWithItsLabels() {
        Map<String, Object> settings = settings("run");
        settings.put("epochs", 4);
        Path made = Tiny.tune(settings, new RecordedLog(), "chunks").checkpoint();
        try (AttentionBackend backend = Tiny.backend("chunks");
                LongformerModel tuned = LongformerModel.open(made, Progress.none());
                RobertaTokenizer tokenizer = RobertaTokenizer.open(made)) {
            InferenceSession session = new InferenceSession(tuned, tokenizer, backend);
            List<Classification> said =
                    session.classify(
                            List.of(
                                    session.tokenize("aqqbqcqqdqqeqqf"),
                                    session.tokenize("azzbzczzdzzezzf")));
            assertThat(said.get(0).best().label()).isEqualTo("quiet");
            assertThat(said.get(1).best().label()).isEqualTo("zesty");
        }
    }

    @Test
    void severalLabelsAndNumbersAreLearned() {
        for (ObjectNode line : lines) {
            boolean quiet = line.get("label").asString().equals("quiet");
            boolean longer = line.get("text").asString().length() > 17;
            line.putArray("label").add(quiet ? 0 : 1);
            if (longer) {
                line.withArray("label").add(2);
            }
        }
        TinyTask.write(train, lines);
        Map<String, Object> settings = settings("several");
        settings.put("epochs", 4);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.tune(settings, log, "fused");
        assertThat(outcome.lastLoss()).isLessThan(0.6 * outcome.firstLoss());
        assertThat(LongformerConfigJson.read(outcome.checkpoint().resolve("config.json")).labels())
                .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");

        for (ObjectNode line : lines) {
            line.put("label", line.get("label").get(0).asInt() == 0 ? -1.5 : 1.5);
        }
        TinyTask.write(train, lines);
        settings.put("output", folder.resolve("numbers").toString());
        RecordedLog numbers = new RecordedLog();
        TrainingOutcome second = Tiny.tune(settings, numbers, "fused");
        assertThat(numbers.metrics.get("held_out_pearson").lastEntry().getValue())
                .isGreaterThan(0.8);
        assertThat(numbers.metrics.get("held_out_mse").lastEntry().getValue())
                .isCloseTo(second.lastLoss(), within(1e-9));
    }

    @Test
    void frozenWeightsKeepTheirBitsAndTheBestCheckpointIsKept() throws IOException {
        Map<String, Object> settings = settings("run");
        settings.put("train_only", List.of("classifier.*", "embeddings.position*"));
        settings.put("freeze", "classifier.dense.bias");
        settings.put("learning_rate", 1.0);
        settings.put("epochs", 8);
        settings.put("keep_best", true);
        settings.put("patience", 2);
        settings.put("keep_checkpoints", 1);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.tune(settings, log, "chunks");
        assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        assertThat(outcome.message()).startsWith("ended early after step");
        long best =
                log.heldOut.entrySet().stream()
                        .min(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey();
        assertThat(outcome.best()).hasFileName("step-%08d".formatted(best));
        try (Stream<Path> entries = Files.list(folder.resolve("run"))) {
            assertThat(entries.filter(entry -> entry.toString().contains("step-")))
                    .containsExactlyInAnyOrder(outcome.best(), outcome.checkpoint());
        }
        assertThat(Tiny.tune(settings, new RecordedLog(), "chunks"))
                .usingRecursiveComparison()
                .ignoringFields("waitingShare")
                .isEqualTo(outcome);
        try (SafetensorsFile before = SafetensorsFile.open(model.resolve("model.safetensors"));
                SafetensorsFile after =
                        SafetensorsFile.open(outcome.checkpoint().resolve("model.safetensors"))) {
            for (String name : before.names()) {
                if (!name.startsWith("lm_head") && !name.contains("_global")) {
                    assertThat(after.get(name).data().mismatch(before.get(name).data()) == -1)
                            .as(name)
                            .isEqualTo(!name.contains("position_embeddings"));
                }
            }
            assertThat(after.get("classifier.dense.bias").toFloats()).containsOnly(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"text\": \"a\", \"label\": \"loud\"} | line 2 of | 'loud'; known are quiet, zesty",
                "{\"text\": \"a\", \"label\": 7} | line 2 of | from 0 to 1",
                "{\"text\": \"a\"} | line 2 of | has no field 'label'",
                "{\"label\": \"quiet\"} | line 2 of | has no field 'text'",
                "{\"text\": 3, \"label\": \"quiet\"} | line 2 of | must be a text",
                "{\"text\": \"a\", \"label\": [\"quiet\"]} | line 2 of | must be one class",
                "{\"text\": \"a\", \"label\": 0.5} | line 2 of | name or the index",
                "{\"text\": \"a\", | line 2 of | not valid JSON",
                "{\"text\": \"0123456789012345678901234567890123456789012345678901234567890123456789\", \"label\": 0} | line 2 of | truncate: true"
            })
    void aLineThatCannotBeUsedIsNamedBeforeTheRunStarts(String line, String where, String why)
            throws IOException {
        Files.writeString(train, "{\"text\": \"b\", \"label\": \"zesty\"}\n" + line + "\n");
        Map<String, Object> settings = settings("run");
        settings.put("evaluation_share", 0);
        settings.put("labels", List.of("quiet", "zesty"));
        RecordedLog log = new RecordedLog();
        assertThatThrownBy(() -> Tiny.tune(settings, log, "chunks"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(where + " '" + train + "'")
                .hasMessageContaining(why);
        assertThat(log.starts).isEmpty();
        assertThat(folder.resolve("run/step-00000000")).doesNotExist();
    }

    @Test
    void longTextsAreCutWhenAskedAndPairsLoseTheLongerFirst() throws IOException {
        ObjectNode pair = InputJson.mapper().createObjectNode();
        pair.put("text", "ab").put("text_pair", "c".repeat(200)).put("label", 0);
        TinyTask.write(train, List.of(pair, pair.deepCopy().put("text", "x".repeat(99))));
        Map<String, Object> settings = settings("run");
        settings.put("evaluation_share", 0);
        settings.put("labels", List.of("quiet", "zesty"));
        settings.put("epochs", 1);
        settings.put("truncate", true);
        settings.put("sequence_length", 20);
        TrainingOutcome outcome = Tiny.tune(settings, new RecordedLog(), "chunks");
        assertThat(outcome.tokens()).isEqualTo(40);
    }

    @Test
    void aSettingOfAnotherObjectiveOrAPatternWithoutAWeightIsRefused() {
        Map<String, Object> masks = settings("run");
        masks.put("mask_share", 0.2);
        assertThatThrownBy(() -> TrainingConfig.parse(masks))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'mask_share' means nothing for objective classification");
        Map<String, Object> both = settings("run");
        both.put("steps", 3);
        assertThatThrownBy(() -> TrainingConfig.parse(both))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("both set");
        Map<String, Object> pattern = settings("run");
        pattern.put("freeze", List.of("encoder.layers.*"));
        assertThatThrownBy(() -> Tiny.tune(pattern, new RecordedLog(), "chunks"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'encoder.layers.*'");
        assertThat(folder.resolve("run/step-00000000")).doesNotExist();
        Map<String, Object> metric = settings("other");
        metric.put("patience", 2);
        metric.put("best_metric", "mse");
        assertThatThrownBy(() -> Tiny.tune(metric, new RecordedLog(), "chunks"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'mse'")
                .hasMessageContaining("accuracy");
    }

    @Test
    void writtenSettingsReadBackAsTheSameConfiguration() {
        Map<String, Object> settings = settings("run");
        settings.put("labels", List.of("a, b", "\"c\""));
        settings.put("schedule", "cosine");
        settings.put("train_only", List.of("x.*"));
        settings.put("keep_best", true);
        TrainingConfig config = TrainingConfig.parse(settings);
        assertThat(TrainingConfig.parse(new HashMap<>(config.settings()))).isEqualTo(config);
    }

    private Map<String, Object> settings(String output) {
        return TinyTask.settings(model, folder.resolve(output), train);
    }

    private static long tokens(List<ObjectNode> lines) {
        return lines.stream().mapToLong(line -> line.get("text").asString().length() + 2).sum();
    }
}
