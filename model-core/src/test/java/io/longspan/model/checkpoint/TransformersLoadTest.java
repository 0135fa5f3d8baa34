package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.InputJson;
import io.longspan.model.Progress;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.TensorForward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What is written here loads in transformers with nothing missing, unexpected or misshaped, and
 * answers the same there: golden outputs for the fixtures of every task, our own for converted
 * models.
 */
final class TransformersLoadTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final Path SCRIPT = Path.of("src/test/resources/transformers/strict_load.py");
    private static final List<String> TASKS =
            List.of(
                    "encoder-global-first",
                    "masked-lm",
                    "classification-single-label",
                    "classification-regression",
                    "classification-multi-label",
                    "question-answering",
                    "token-classification",
                    "multiple-choice",
                    "roberta-source");

    @TempDir private Path folder;

    private final ArrayNode cases = JsonNodeFactory.instance.arrayNode();

    @Test
    void writtenCheckpointsOfEveryTaskLoadStrictlyAndAnswerTheSame()
            throws IOException, InterruptedException {
        PythonProcess python = PythonProcess.withTransformers(folder);
        for (String task : TASKS) {
            Path fixture = FIXTURES.resolve(task);
            Path written = rewritten(fixture, folder.resolve(task));
            add(
                    written,
                    fixture.resolve("inputs.safetensors"),
                    fixture.resolve("outputs.safetensors"),
                    false);
        }
        addConverted("roberta-source", 112, 8);
        addConverted("masked-lm", 600, 16);
        addFamily("bert");
        addFamily("bert-classifier");
        addFamily("xlm-roberta");
        Path list = Files.writeString(folder.resolve("cases.json"), cases.toString());

        JsonNode results =
                InputJson.mapper().readTree(python.run(folder, SCRIPT.toString(), list.toString()));
        System.out.println(results);
        assertThat(results).hasSize(cases.size());
        for (JsonNode result : results) {
            String name = result.get("folder").stringValue();
            for (String kind : List.of("missing", "unexpected", "mismatched")) {
                assertThat(result.get(kind)).as("%s tensors of %s", kind, name).isEmpty();
            }
            assertThat(result.get("worst").doubleValue()).as(name).isLessThan(2e-5);
        }
    }

    private void add(Path checkpoint, Path inputs, Path outputs, boolean seenOnly) {
        cases.addObject()
                .put("folder", checkpoint.toString())
                .put("inputs", inputs.toString())
                .put("outputs", outputs.toString())
                .put("seen_only", seenOnly);
    }

    /** Read, named and written again by this package, tensor by tensor. */
    private static Path rewritten(Path from, Path to) {
        try (Checkpoint checkpoint = CheckpointFiles.open(from)) {
            TensorNames names = checkpoint.names();
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (String name : names.canonical()) {
                tensors.add(
                        OutgoingTensor.copyOf(
                                names.get(name),
                                HuggingFaceNames.fileName(
                                        checkpoint.config().modelType(), names.task(), name)));
            }
            CheckpointFiles.write(to, checkpoint.config(), tensors, Progress.none());
        }
        return to;
    }

    /** A Longformer has to answer in transformers what its dense source answered there. */
    private void addFamily(String family) {
        Path source = Path.of("src/test/resources/conversion").resolve(family);
        Path made = folder.resolve(family);
        LongformerConversion.convert(source, made, 59, 64, Progress.none(), done -> {});
        // A masked token's own row differs: a Longformer gives it no attention at all.
        add(
                made,
                source.resolve("inputs.safetensors"),
                source.resolve("outputs.safetensors"),
                true);
    }

    private void addConverted(String source, int positions, int window) throws IOException {
        Path made = folder.resolve(source + "-" + positions);
        LongformerConversion.convert(
                FIXTURES.resolve(source), made, positions, window, Progress.none(), done -> {});
        Path input = FIXTURES.resolve("masked-lm/inputs.safetensors");
        Path output = folder.resolve(source + "-" + positions + ".safetensors");
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model = LongformerModel.open(made, Progress.none());
                SafetensorsFile inputs = SafetensorsFile.open(input)) {
            BatchTensors batch = BatchTensors.read(inputs, model.setup());
            TensorForward.run(model, batch, attention, output);
        }
        add(made, input, output, false);
    }
}
