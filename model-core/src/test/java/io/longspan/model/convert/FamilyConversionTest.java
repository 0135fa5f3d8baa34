package io.longspan.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * BERT, XLM-R and Longformer sources, against what transformers answered: see {@code
 * conversion/generate.py}.
 */
final class FamilyConversionTest {
    private static final Path FAMILIES = Path.of("src/test/resources/conversion");
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    @TempDir Path folder;

    private AttentionRegistry registry;
    private SelectedBackend backend;

    @BeforeEach
    void openTheReference() {
        registry = AttentionRegistry.discover(null);
        backend =
                AttentionBackends.open(
                        registry,
                        AttentionSettings.defaults().withBackend("loop"),
                        List.of(),
                        Device.CPU,
                        1);
    }

    @AfterEach
    void closeTheReference() {
        backend.close();
        registry.close();
    }

    /** transformers built the expected Longformer itself and loaded it strictly. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "xlm-roberta"})
    void everyTensorIsTheOneThatTransformersLoads(String family) {
        Path target = folder.resolve("longformer");
        convert(FAMILIES.resolve(family), target, new ConversionTarget(59, List.of(64)));
        try (TensorSource actual = CheckpointFiles.tensors(target);
                TensorSource expected =
                        CheckpointFiles.tensors(FAMILIES.resolve(family + "-converted"))) {
            assertThat(actual.names()).isEqualTo(expected.names());
            for (String name : expected.names()) {
                assertThat(actual.get(name).info()).isEqualTo(expected.get(name).info());
                assertThat(actual.get(name).data().mismatch(expected.get(name).data()))
                        .as(name)
                        .isEqualTo(-1);
            }
        }
        LongformerConfig expected =
                LongformerConfigJson.read(
                        FAMILIES.resolve(family + "-converted").resolve("config.json"));
        LongformerConfig made = LongformerConfigJson.read(target.resolve("config.json"));
        assertThat(made.toBuilder().extra(expected.extra()).build()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} to {1} positions, window {2}")
    @CsvSource({
        "bert,59,64",
        "bert,24,46",
        "bert,4096,512",
        "xlm-roberta,59,64",
        "xlm-roberta,25,48"
    })
    void theResultAnswersAsTransformersDidForTheSource(String family, int positions, int window)
            throws IOException {
        Path source = FAMILIES.resolve(family);
        Path target = folder.resolve("longformer");
        convert(source, target, new ConversionTarget(positions, List.of(window)));
        assertLogits(target, source);
    }

    /** The source itself runs too, dense. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "xlm-roberta"})
    void theSourceAnswersAsInTransformers(String family) {
        assertLogits(FAMILIES.resolve(family), FAMILIES.resolve(family));
    }

    /** 256 positions and windows 8, 16 and 4, kept; texts of 61 and 33 tokens. */
    @ParameterizedTest
    @ValueSource(ints = {61, 256, 700})
    void anExtendedLongformerAnswersAsItsSource(int positions) {
        Path source = FIXTURES.resolve("masked-lm");
        Path target = folder.resolve("longer");
        ConversionReport report =
                convert(source, target, new ConversionTarget(positions, List.of()));
        assertThat(report.windows()).containsExactly(8, 16, 4);
        assertThat(report.windowsKept()).isTrue();
        assertThat(report.globalProjections()).isZero();
        assertLogits(target, source);
    }

    @Test
    void bertsClassifierBecomesTheTwoLayersOfLongformers() {
        Path source = FAMILIES.resolve("bert-classifier");
        Path target = folder.resolve("longformer");
        ConversionReport report = convert(source, target, new ConversionTarget(59, List.of(64)));
        assertThat(report.task()).isEqualTo("sequence-classification");
        assertThat(report.leftOut()).isEmpty();
        try (TensorSource actual = CheckpointFiles.tensors(target);
                TensorSource before = CheckpointFiles.tensors(source)) {
            assertThat(actual.get("classifier.dense.weight").toFloats())
                    .isEqualTo(before.get("bert.pooler.dense.weight").toFloats());
            assertThat(actual.get("classifier.out_proj.bias").toFloats())
                    .isEqualTo(before.get("classifier.bias").toFloats());
        }
    }

    @Test
    void theReportSaysWhatWasCopiedAndWhatWasLeftOut() {
        ConversionReport report =
                convert(
                        FAMILIES.resolve("bert"),
                        folder.resolve("bert"),
                        new ConversionTarget(59, List.of(6, 8)));
        assertThat(report.sourceType()).isEqualTo("bert");
        assertThat(report.sourcePositions()).isEqualTo(24);
        assertThat(report.positions()).isEqualTo(59);
        assertThat(report.windows()).containsExactly(6, 8);
        assertThat(report.positionRows())
                .extracting(PositionRows::toString)
                .containsExactly("0 zero", "1-24 from 0-23", "25-48 from 0-23", "49-59 from 0-10");
        assertThat(report.globalProjections()).isEqualTo(2 * 6);
        assertThat(report.leftOut())
                .containsExactly(
                        "bert.pooler.dense.bias",
                        "bert.pooler.dense.weight",
                        "cls.seq_relationship.bias",
                        "cls.seq_relationship.weight");
        long layer = 4 * (16 * 16 + 16) + 2 * 16 * 24 + 24 + 16 + 4 * 16;
        long head = 16 * 16 + 16 + 2 * 16 + 131;
        long encoder = (131 + 24 + 2 + 2) * 16 + 2 * layer;
        assertThat(report.sourceParameters()).isEqualTo(encoder + head + 16 * 16 + 16);
        assertThat(report.parameters())
                .isEqualTo(encoder + head + (60 - 24) * 16 + 2 * 3 * (16 * 16 + 16));
        ConversionReport xlmr =
                convert(
                        FAMILIES.resolve("xlm-roberta"),
                        folder.resolve("xlmr"),
                        new ConversionTarget(50, List.of()));
        assertThat(xlmr.windows()).containsExactly(512, 512);
        assertThat(xlmr.positionRows())
                .extracting(PositionRows::toString)
                .containsExactly(
                        "0-1 from 0-1", "2-25 from 2-25", "26-49 from 2-25", "50-51 from 2-3");
    }

    @ParameterizedTest(name = "{0} to {1} positions, windows {2}")
    @CsvSource({
        "conversion/bert,59,64,24",
        "conversion/bert,20,14,8",
        "conversion/xlm-roberta,59,,24",
        "fixtures/roberta-source,112,2,2",
        "fixtures/masked-lm,300,,256",
        "fixtures/masked-lm,300,6,3"
    })
    void theCheckRunsOnTextsThatFitAndPasses(
            String source, int positions, Integer window, int longest) {
        Path from = Path.of("src/test/resources").resolve(source);
        Path target = folder.resolve("longformer");
        List<Integer> windows = window == null ? List.of() : List.of(window);
        convert(from, target, new ConversionTarget(positions, windows));
        ConversionCheck check = ConversionCheck.run(from, target, 7, backend.backend());
        assertThat(check.seed()).isEqualTo(7);
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(check.maxValue()).isGreaterThan(0.1);
        assertThat(check.texts().getLast().tokens()).isEqualTo(longest);
        assertThat(check.texts().getLast().globals()).isEqualTo(1);
        assertThat(check.texts().getFirst().tokens()).isEqualTo(1);
    }

    /** One number of the position table or of a global projection is enough. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "longformer.embeddings.position_embeddings.weight",
                "longformer.encoder.layer.1.attention.self.value_global.weight",
                "lm_head.dense.bias"
            })
    void theCheckSeesAWrongTensor(String name) {
        Path source = FAMILIES.resolve("bert");
        Path target = folder.resolve("longformer");
        convert(source, target, new ConversionTarget(59, List.of(64)));
        BrokenTensor.negate(target, name);
        assertThat(ConversionCheck.run(source, target, 7, backend.backend()).passed()).isFalse();
    }

    @Test
    void bertsSpecialTokensComeFromItsVocabulary() throws IOException {
        Path source = copy(FAMILIES.resolve("bert"), folder.resolve("source"));
        Files.writeString(source.resolve("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\n[MASK]\nword\n");
        Path target = folder.resolve("longformer");
        ConversionReport report = convert(source, target, new ConversionTarget(59, List.of()));
        LongformerConfig config = LongformerConfigJson.read(target.resolve("config.json"));
        assertThat(config.ids().bos()).isEqualTo(1);
        assertThat(config.ids().sep()).isEqualTo(2);
        assertThat(config.ids().eos()).isEqualTo(2);
        assertThat(report.tokenizerFiles()).containsExactly("vocab.txt");
        assertThat(target.resolve("vocab.txt"))
                .hasSameTextualContentAs(source.resolve("vocab.txt"));
        assertThat(report.tokenizerNote()).contains("only ids");
    }

    @Test
    void aSourceOfAnotherFamilyIsNamed() throws IOException {
        Path source = copy(FAMILIES.resolve("bert"), folder.resolve("source"));
        Path config = source.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"bert\"", "\"t5\""));
        assertThatThrownBy(() ->
                        convert(source, folder.resolve("to"), new ConversionTarget(59, List.of())))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'t5'")
                .hasMessageContaining("longformer, roberta, xlm-roberta, bert, longspan");
        assertThatThrownBy(() ->
                        convert(
                                FAMILIES.resolve("bert"),
                                folder.resolve("to"),
                                new ConversionTarget(59, List.of(8, 8, 8))))
                .hasMessageContaining("3 windows for 2 layers");
    }

    private void assertLogits(Path model, Path expectedIn) {
        try (LongformerModel loaded = LongformerModel.open(model, Progress.none());
                SafetensorsFile inputs =
                        SafetensorsFile.open(expectedIn.resolve("inputs.safetensors"));
                SafetensorsFile outputs =
                        SafetensorsFile.open(expectedIn.resolve("outputs.safetensors"));
                NDManager manager = loaded.newManager()) {
            BatchTensors batch = BatchTensors.read(inputs, loaded.setup());
            NDArray states =
                    loaded.encoder().forward(batch.tokens(), backend.backend(), manager); // [T, N]
            NDArray scores = loaded.maskedLmHead().orElseThrow().forward(states); // [T, V]
            float[] actual = TensorBridge.floats(scores);
            float[] expected = outputs.get("logits").toFloats();
            long[] mask = inputs.get("attention_mask").toLongs();
            int width = loaded.config().vocabSize();
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < actual.length; i++) {
                if (mask[i / width] != 0) {
                    assertThat(actual[i]).as("%d", i).isCloseTo(expected[i], within(2e-5f));
                }
            }
        }
    }

    private static ConversionReport convert(Path from, Path to, ConversionTarget target) {
        return LongformerConversion.convert(from, to, target, Progress.none(), made -> {});
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
        return to;
    }
}
