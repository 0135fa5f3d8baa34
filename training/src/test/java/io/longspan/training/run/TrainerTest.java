package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.infer.LongformerModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class TrainerTest {
    private static final TokenSource DATA = Tiny.data(3000);

    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void makeModel() {
        model = Tiny.model(folder);
    }

    @Test
    void theHeldOutLossFallsAndEverythingIsWrittenDown() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        settings.put("steps", 80);
        settings.put("evaluation_every", 0);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.run(settings, DATA, log);
        assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        assertThat(outcome.steps()).isEqualTo(80);
        assertThat(outcome.tokens()).isEqualTo(80 * 128);
        assertThat(outcome.firstLoss()).isBetween(4.3, 4.8); // ln 97 is 4.57
        assertThat(outcome.lastLoss()).isLessThan(outcome.firstLoss() - 0.5);
        assertThat(log.losses).hasSize(80);
        assertThat(log.heldOut).containsOnlyKeys(0L, 80L);
        assertThat(log.digests).containsOnlyKeys(80L);
        assertThat(log.ends).containsExactly("COMPLETED all 80 steps are done");
        assertThat(log.starts.getFirst().config()).containsEntry("learning_rate", "0.01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "fused"})
    void aRunInTwoPartsEqualsARunInOneBitForBit(String backend) throws IOException {
        RecordedLog whole = new RecordedLog();
        TrainingOutcome one =
                Tiny.run(Tiny.settings(model, folder.resolve("one")), DATA, whole, backend);

        Map<String, Object> settings = Tiny.settings(model, folder.resolve("two"));
        RecordedLog first = new RecordedLog();
        TrainingOutcome stopped = stopAfter(3, settings, first, backend);
        assertThat(stopped.state()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.steps()).isEqualTo(3);
        RecordedLog second = new RecordedLog();
        TrainingOutcome two = Tiny.run(settings, DATA, second, backend);

        assertThat(two.state()).isEqualTo(RunState.COMPLETED);
        assertThat(second.starts.getFirst().step()).isEqualTo(3);
        assertThat(first.losses).containsOnlyKeys(1L, 2L, 3L);
        first.losses.putAll(second.losses);
        assertThat(first.losses).isEqualTo(whole.losses);
        assertThat(two.firstLoss()).isEqualTo(one.firstLoss());
        assertThat(two.lastLoss()).isEqualTo(one.lastLoss());
        for (String file : List.of("model.safetensors", "training-state/optimizer.safetensors")) {
            assertThat(
                            Files.mismatch(
                                    one.checkpoint().resolve(file), two.checkpoint().resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    @Test
    void recomputedLayersGiveTheSameRunBitForBitAndARunMaySwitch() {
        RecordedLog kept = new RecordedLog();
        Tiny.run(Tiny.settings(model, folder.resolve("kept")), DATA, kept, "fused");
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("switched"));
        RecordedLog switched = new RecordedLog();
        stopAfter(3, settings, switched, "fused");
        settings.put("activations", "recomputed");
        RecordedLog rest = new RecordedLog();
        Tiny.run(settings, DATA, rest, "fused");
        switched.losses.putAll(rest.losses);
        assertThat(switched.losses).isEqualTo(kept.losses);
    }

    /** Rates of the model's own and of the settings; kept and recomputed layers; two backends. */
    @Test
    void aRunWithDropoutInTwoPartsEqualsARunInOneBitForBit() {
        RecordedLog plain = new RecordedLog();
        Tiny.run(Tiny.settings(model, folder.resolve("plain")), DATA, plain, "fused");
        RecordedLog whole = new RecordedLog();
        Tiny.run(dropping("one"), DATA, whole, "fused");
        assertThat(whole.losses).hasSize(6).isNotEqualTo(plain.losses);
        assertThat(whole.heldOut.get(0L)).isEqualTo(plain.heldOut.get(0L));

        RecordedLog first = new RecordedLog();
        stopAfter(3, dropping("two"), first, "fused");
        Map<String, Object> rest = dropping("two");
        rest.put("activations", "recomputed");
        RecordedLog second = new RecordedLog();
        Path made = Tiny.run(rest, DATA, second, "fused").checkpoint();
        first.losses.putAll(second.losses);
        assertThat(first.losses).isEqualTo(whole.losses);
        assertThat(LongformerConfigJson.read(made.resolve("config.json")))
                .isEqualTo(LongformerConfigJson.read(model.resolve("config.json")));

        RecordedLog other = new RecordedLog();
        Tiny.run(dropping("other"), DATA, other, "chunks");
        whole.losses.forEach((step, loss) ->
                assertThat(other.losses.get(step))
                        .as("step %d", step)
                        .isCloseTo(loss, within(1e-4)));
    }

    @Test
    void aRunWithoutDropoutIsNotGoneOnWithWithDropout() {
        stopAfter(2, Tiny.settings(model, folder.resolve("run")), new RecordedLog());
        assertThatThrownBy(() -> Tiny.run(dropping("run"), DATA, new RecordedLog()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("attention_dropout was not set and is 0.3")
                .hasMessageContaining("hidden_dropout was not set and is model");
    }

    private Map<String, Object> dropping(String output) {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve(output));
        settings.put("hidden_dropout", "model");
        settings.put("attention_dropout", 0.3);
        return settings;
    }

    @Test
    void aBackendWithoutGradientsIsRefusedBeforeTheRunStarts() {
        RecordedLog log = new RecordedLog();
        assertThatThrownBy(() ->
                        Trainer.run(
                                new TrainingRequest(
                                        TrainingConfig.parse(
                                                Tiny.settings(model, folder.resolve("run"))),
                                        new ForwardOnly(),
                                        "forward-only",
                                        "test",
                                        List.of(DATA)),
                                log,
                                TrainingProgress.none(),
                                () -> false))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'forward-only'")
                .hasMessageContaining("gradients");
        assertThat(log.starts).isEmpty();
    }

    @Test
    void gatheringGradientsOverBatchesChangesNothingButRounding() {
        RecordedLog halves = new RecordedLog();
        Tiny.run(Tiny.settings(model, folder.resolve("halves")), DATA, halves);
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("whole"));
        settings.put("tokens_per_batch", 128);
        RecordedLog whole = new RecordedLog();
        Tiny.run(settings, DATA, whole);
        halves.losses.forEach((step, loss) ->
                assertThat(whole.losses.get(step))
                        .as("step %d", step)
                        .isCloseTo(loss, within(1e-4)));
    }

    @Test
    void aFinishedRunIsNotRunAgain() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        TrainingOutcome once = Tiny.run(settings, DATA, new RecordedLog());
        RecordedLog again = new RecordedLog();
        assertThat(Tiny.run(settings, DATA, again))
                .usingRecursiveComparison()
                .ignoringFields("waitingShare")
                .isEqualTo(once);
        assertThat(again.losses).isEmpty();
    }

    @Test
    void anotherConfigurationOrDataSetIsRefusedByName() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        stopAfter(2, settings, new RecordedLog());
        assertThatThrownBy(() -> Tiny.run(settings, Tiny.data(3001), new RecordedLog()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("data_tokens was 3000 and is 3001");
        settings.put("learning_rate", 2e-2);
        settings.put("checkpoint_every", 1);
        RecordedLog log = new RecordedLog();
        assertThatThrownBy(() -> Tiny.run(settings, DATA, log))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("learning_rate was 0.01 and is 0.02")
                .hasMessageNotContaining("checkpoint_every");
        assertThat(log.starts).isEmpty();
    }

    @Test
    void onlyTheNewestCheckpointsAreKeptAndEachIsAModel() throws IOException {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        settings.put("checkpoint_every", 1);
        settings.put("keep_checkpoints", 2);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.run(settings, DATA, log);
        assertThat(log.digests).hasSize(6);
        try (Stream<Path> entries = Files.list(folder.resolve("run"))) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrder(".lock", "step-00000005", "step-00000006");
        }
        try (LongformerModel trained =
                LongformerModel.open(outcome.checkpoint(), Progress.none())) {
            assertThat(trained.task()).isEqualTo(Task.MASKED_LM);
        }
    }

    @Test
    void checkpointsAreWrittenAsTransformersWritesThem() throws Exception {
        Path source = Path.of(TrainerTest.class.getResource("/fixtures/train-masked-lm").toURI());
        Map<String, Object> settings = Tiny.settings(source, folder.resolve("run"));
        settings.put("steps", 1);
        settings.put("warmup_steps", 0);
        settings.put("mask_token_id", 500);
        Path made = Tiny.run(settings, DATA, new RecordedLog()).checkpoint();
        try (SafetensorsFile theirs = SafetensorsFile.open(source.resolve("model.safetensors"));
                SafetensorsFile ours = SafetensorsFile.open(made.resolve("model.safetensors"))) {
            assertThat(ours.names()).isEqualTo(theirs.names());
            for (String name : theirs.names()) {
                assertThat(ours.info(name)).isEqualTo(theirs.info(name));
            }
            assertThat(ours.metadata()).containsEntry("format", "pt");
        }
        JsonNode config = InputJson.object(Files.readAllBytes(made.resolve("config.json")));
        JsonNode original = InputJson.object(Files.readAllBytes(source.resolve("config.json")));
        assertThat(config).isEqualTo(original);
    }

    @Test
    void aTokenizerTravelsWithTheCheckpointsEvenWhenTheModelIsGone() throws IOException {
        Files.writeString(model.resolve("vocab.json"), "{}");
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        stopAfter(2, settings, new RecordedLog());
        NewFolder.remove(model);
        Path made = Tiny.run(settings, DATA, new RecordedLog()).checkpoint();
        assertThat(made.resolve("vocab.json")).hasContent("{}");
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunAndKeepsTheLastCheckpoint() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        stopAfter(2, settings, new RecordedLog());
        Path good = folder.resolve("run/step-00000002");
        poison(good.resolve("model.safetensors"));
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.run(settings, DATA, log);
        assertThat(outcome.state()).isEqualTo(RunState.FAILED);
        assertThat(outcome.message())
                .contains("step 3 has loss NaN")
                .contains("learning_rate")
                .containsPattern("the data set: tokens \\d+ to \\d+");
        assertThat(outcome.checkpoint()).isEqualTo(good);
        assertThat(log.digests).as("the checkpoint that it began with").containsOnlyKeys(2L);
        assertThat(log.ends).hasSize(1);
    }

    @Test
    void aDataSetOfAnotherVocabularyIsRefusedBeforeTheRunStarts() {
        int[] ids = new int[3000];
        ids[2999] = Tiny.VOCABULARY;
        RecordedLog log = new RecordedLog();
        assertThatThrownBy(() ->
                        Tiny.run(
                                Tiny.settings(model, folder.resolve("run")),
                                Tiny.source(ids, "foreign"),
                                log))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("id 97 at token 2999")
                .hasMessageContaining("0 to 96");
        assertThat(log.starts).isEmpty();
    }

    @Test
    void blocksLongerThanTheModelReadsAreRefused() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        settings.put("sequence_length", 65);
        settings.put("tokens_per_step", 65);
        settings.put("tokens_per_batch", 65);
        assertThatThrownBy(() -> Tiny.run(settings, DATA, new RecordedLog()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("is 65 and the model reads up to 64");
    }

    @Test
    void withoutATokenizerTheMaskTokenHasToBeGiven() {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("run"));
        settings.remove("mask_token_id");
        assertThatThrownBy(() -> Tiny.run(settings, DATA, new RecordedLog()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'mask_token_id'");
    }

    @Test
    void aFolderIsHeldByOneRunAtATime() {
        Path output = folder.resolve("run");
        try (RunFolder held = RunFolder.open(output)) {
            assertThat(held.newest()).isEmpty();
            assertThatThrownBy(
                            () -> Tiny.run(Tiny.settings(model, output), DATA, new RecordedLog()))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("in use by another run");
        }
    }

    @Test
    void globalProjectionsAreTrainedOnlyWithGlobalTokens() throws IOException {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve("local"));
        Path local = Tiny.run(settings, DATA, new RecordedLog()).checkpoint();
        settings.put("output", folder.resolve("global").toString());
        settings.put("global_tokens", "first-token");
        Path global = Tiny.run(settings, DATA, new RecordedLog()).checkpoint();
        String name = "longformer.encoder.layer.0.attention.self.query_global.weight";
        assertThat(tensor(local, name)).isEqualTo(tensor(model, name));
        assertThat(tensor(global, name)).isNotEqualTo(tensor(model, name));
    }

    @Test
    void aLogThatFailsEndsTheRunAsFailed() {
        RecordedLog heard = new RecordedLog();
        RunLog failing =
                new RunLog() {
                    @Override
                    public void started(RunStart start) {}

                    @Override
                    public void metric(long step, String name, double value) {
                        throw new IllegalStateException("database away");
                    }

                    @Override
                    public void checkpoint(long step, Path checkpoint, String digest) {}

                    @Override
                    public void ended(RunState state, String message) {
                        heard.ended(state, message);
                    }
                };
        assertThatThrownBy(
                        () -> Tiny.run(Tiny.settings(model, folder.resolve("run")), DATA, failing))
                .hasMessage("database away");
        assertThat(heard.ends).containsExactly("FAILED database away");
    }

    @ParameterizedTest
    @CsvSource({"fused, auto, oneDNN", "fused, engine, engine", "chunks, auto, engine"})
    void aCheckpointSaysWhatComputedItsLayers(String backend, String products, String name)
            throws IOException {
        Map<String, Object> settings = Tiny.settings(model, folder.resolve(backend + products));
        settings.put("products", products);
        TrainingOutcome stopped = stopAfter(1, settings, new RecordedLog(), backend);
        String state =
                Files.readString(
                        Objects.requireNonNull(stopped.checkpoint())
                                .resolve(RunFolder.STATE)
                                .resolve("state.json"));
        assertThat(state).containsPattern("\"computed_by\" ?: ?\"" + name);
        assertThat(stopAfter(1, settings, new RecordedLog(), backend).steps()).isEqualTo(2);
    }

    private TrainingOutcome stopAfter(int steps, Map<String, Object> settings, RunLog log) {
        return stopAfter(steps, settings, log, "chunks");
    }

    private TrainingOutcome stopAfter(
            int steps, Map<String, Object> settings, RunLog log, String name) {
        AtomicInteger asked = new AtomicInteger();
        try (AttentionBackend backend = Tiny.backend(name)) {
            return Trainer.run(
                    new TrainingRequest(
                            TrainingConfig.parse(settings), backend, name, "test", List.of(DATA)),
                    log,
                    TrainingProgress.none(),
                    () -> asked.getAndIncrement() == steps);
        }
    }

    private static float[] tensor(Path checkpoint, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
            return file.get(name).toFloats();
        }
    }

    /** The last feed-forward product and its bias become the largest numbers; sums overflow. */
    private static void poison(Path file) {
        byte[] huge = new byte[4 * (16 * 32 + 16)];
        Arrays.fill(huge, (byte) 0x7f);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(huge), channel.size() - huge.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
