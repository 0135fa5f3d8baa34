package io.longspan.serving.model;

import io.longspan.model.AtomicFile;
import io.longspan.model.ModelInputException;
import io.longspan.serving.ServedModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server held, in a file for its next start. A file that cannot be read is no reason not to
 * start, and one that cannot be written none to fail a change. Not thread-safe.
 *
 * @param file made with the first change
 */
record RememberedModels(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedModels.class);
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /**
     * A version and where it is.
     *
     * @param name of the model
     * @param version of it; empty where the weights' digest names it
     * @param folder of the checkpoint
     */
    record Entry(String name, String version, String folder) {
        static Entry of(ServedModelSpec spec) {
            return new Entry(
                    spec.name(),
                    spec.version().orElse(""),
                    spec.folder().toAbsolutePath().normalize().toString());
        }

        ModelVersion id() {
            return new ModelVersion(name, version);
        }
    }

    /**
     * All of it.
     *
     * @param configured what the configuration named
     * @param models what was loaded in the end
     * @param pointers what names meant
     */
    record State(List<Entry> configured, List<Entry> models, Map<String, ModelVersion> pointers) {
        static State of(List<ServedModelSpec> configured, Catalog catalog) {
            List<Entry> models = new ArrayList<>();
            catalog.models()
                    .forEach((version, loaded) ->
                            models.add(
                                    new Entry(
                                            version.name(),
                                            version.version(),
                                            Entry.of(loaded.model().spec()).folder())));
            return new State(
                    configured.stream().map(Entry::of).toList(),
                    models,
                    new TreeMap<>(catalog.pointers()));
        }

        List<Entry> configured(String name) {
            return configured.stream().filter(e -> e.name().equals(name)).toList();
        }

        List<Entry> models(String name) {
            return models.stream().filter(e -> e.name().equals(name)).toList();
        }
    }

    Optional<State> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), State.class));
        } catch (IOException | JacksonException e) {
            LOG.warn(
                    "'{}' cannot be read, so models and aliases are those of the configuration: {}",
                    file,
                    e.getMessage());
            return Optional.empty();
        }
    }

    void write(State state) {
        try {
            ByteBuffer json = ByteBuffer.wrap(MAPPER.writeValueAsBytes(state));
            AtomicFile.write(
                    file,
                    channel -> {
                        while (json.hasRemaining()) {
                            channel.write(json);
                        }
                    });
        } catch (ModelInputException | UncheckedIOException e) {
            LOG.warn(
                    "'{}' cannot be written, so a restart will not know of this change of models: {}",
                    file,
                    e.getMessage());
        }
    }
}
