package io.longspan.serving;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.convert.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small models with random weights, and backends for them. */
final class TestModels {
    static final Path TOKENIZER = Path.of("../demo/tokenizer").toAbsolutePath();

    /** Tokens that the converted model reads. */
    static final int LONGEST = 600;

    private TestModels() {}

    /** A masked language model that began as a RoBERTa. */
    static ServedModelSpec longformer(Path folder, String name, long seed) {
        return longformer(folder, name, seed, LONGEST);
    }

    /** The same for another length. */
    static ServedModelSpec longformer(Path folder, String name, long seed, int longest) {
        Path roberta = folder.resolve(name + "-roberta");
        Path longformer = folder.resolve(name);
        RandomCheckpoint.write(
                Presets.get("roberta-tiny"), seed, roberta, TOKENIZER, Progress.none());
        LongformerConversion.convert(roberta, longformer, longest, 32, Progress.none(), made -> {});
        return new ServedModelSpec(name, Optional.empty(), longformer);
    }

    /** The same model without its head. */
    static ServedModelSpec encoder(ServedModelSpec from, String name) throws IOException {
        Path folder = Files.createDirectories(from.folder().resolveSibling(name));
        List<OutgoingTensor> kept = new ArrayList<>();
        try (TensorSource tensors = CheckpointFiles.tensors(from.folder());
                Stream<Path> files = Files.list(from.folder())) {
            for (String tensor : tensors.names()) {
                if (!tensor.startsWith("lm_head")) {
                    kept.add(
                            OutgoingTensor.copyOf(
                                    tensors.get(tensor), tensor.replace("longformer.", "")));
                }
            }
            SafetensorsWriter.write(folder.resolve(CheckpointFiles.WEIGHTS), kept);
            for (Path file : files.filter(f -> !f.endsWith(CheckpointFiles.WEIGHTS)).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path config = folder.resolve(CheckpointFiles.CONFIG);
        Files.writeString(
                config,
                Files.readString(config).replace("LongformerForMaskedLM", "LongformerModel"));
        return new ServedModelSpec(name, Optional.empty(), folder);
    }

    /** The same encoder under a random head for a task; its classes get the labels. */
    static ServedModelSpec withHead(
            ServedModelSpec from,
            String name,
            Task task,
            @Nullable String problem,
            List<String> labels,
            long seed)
            throws IOException {
        Path folder = from.folder().resolveSibling(name);
        Random random = new Random(seed);
        try (TensorSource tensors = CheckpointFiles.tensors(from.folder());
                Stream<Path> files = Files.list(from.folder())) {
            LongformerConfig config =
                    LongformerConfigJson.read(from.folder().resolve(CheckpointFiles.CONFIG))
                            .toBuilder()
                            .architectures(List.of(task.architecture(ModelType.LONGFORMER)))
                            .labels(labels)
                            .problemType(problem)
                            .build();
            List<OutgoingTensor> all = new ArrayList<>();
            for (ExpectedTensor tensor : ModelTensors.of(config, task, labels.size())) {
                String stored =
                        HuggingFaceNames.fileName(ModelType.LONGFORMER, task, tensor.name());
                if (tensors.names().contains(stored)) {
                    all.add(OutgoingTensor.copyOf(tensors.get(stored), stored));
                } else if (tensor.required()) {
                    long[] shape = tensor.shape().stream().mapToLong(n -> n).toArray();
                    float[] values =
                            new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextGaussian() / 4;
                    }
                    all.add(OutgoingTensor.of(stored, values, shape));
                }
            }
            CheckpointFiles.write(folder, config, all, Progress.none());
            for (Path file : files.toList()) {
                Path copy = folder.resolve(file.getFileName());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        return new ServedModelSpec(name, Optional.empty(), folder);
    }

    /** Backends of a name from the registry. */
    static BackendChoice backends(String attention) {
        return backends(attention, opened -> opened);
    }

    /** The same, each put into something. */
    static BackendChoice backends(String attention, UnaryOperator<AttentionBackend> around) {
        return (model, workloads) -> {
            AttentionRegistry registry = AttentionRegistry.discover(null);
            SelectedBackend selected =
                    AttentionBackends.open(
                            registry,
                            AttentionSettings.defaults().withBackend(attention),
                            workloads,
                            Device.CPU,
                            1);
            return new ChosenBackend(
                    around.apply(selected.backend()),
                    selected.name(),
                    selected.version(),
                    "{\"chosen\":\"" + selected.name() + "\"}",
                    () -> {
                        selected.close();
                        registry.close();
                    });
        };
    }
}
