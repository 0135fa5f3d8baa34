package io.longspan.model.infer;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.encoder.AttentionNeeds;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * Golden vectors from transformers, copied into the test resources; README.md beside them says how
 * they were made.
 */
final class Fixture {
    private Fixture() {}

    static Path folder(String name) {
        try {
            return Path.of(Fixture.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a fixture as the command line would: checkpoint, inputs, a backend by name, an output
     * file.
     */
    static List<String> forward(String name, String backend, Path output) throws IOException {
        try (AttentionRegistry registry = AttentionRegistry.discover(null);
                LongformerModel model = LongformerModel.open(folder(name), Progress.none());
                SafetensorsFile inputs =
                        SafetensorsFile.open(folder(name).resolve("inputs.safetensors"))) {
            BatchTensors batch = BatchTensors.read(inputs, model.setup());
            List<Workload> needs =
                    AttentionNeeds.of(
                            model.config(), batch.tokens().layout().features(), Device.Kind.CPU);
            try (SelectedBackend selected =
                    AttentionBackends.open(
                            registry,
                            AttentionSettings.defaults().withBackend(backend),
                            needs,
                            Device.CPU,
                            2)) {
                return TensorForward.run(model, batch, selected.backend(), output);
            }
        }
    }
}
