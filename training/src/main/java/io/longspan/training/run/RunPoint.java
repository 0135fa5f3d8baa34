package io.longspan.training.run;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.training.data.Fingerprint;
import io.longspan.training.objective.ReadSoFar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a run stands: what is in a checkpoint beside weights and moments.
 *
 * @param step done
 * @param firstLoss of the held-out blocks before the first step; null without such blocks
 * @param lastLoss of the held-out blocks when they were scored last
 * @param backend that computed the attention, name and version
 * @param computedBy what computed the layers; null before the first step and in checkpoints of
 *     versions that had the engine only
 * @param best the best measurement and how long ago it was
 * @param read by the steps that are done; null in checkpoints of versions that did not say
 * @param settings that the numbers depend on, the data set's identity included
 */
record RunPoint(
        long step,
        @Nullable Double firstLoss,
        @Nullable Double lastLoss,
        String backend,
        @Nullable String computedBy,
        BestSoFar best,
        @Nullable ReadSoFar read,
        NavigableMap<String, String> settings) {
    private static final String FILE = "state.json";
    private static final long LARGEST = 1 << 20;

    RunPoint {
        settings = Collections.unmodifiableNavigableMap(new TreeMap<>(settings));
    }

    /** Before the first step. */
    static RunPoint begin(String backend, NavigableMap<String, String> settings) {
        return new RunPoint(
                0, null, null, backend, null, BestSoFar.NOTHING, ReadSoFar.NOTHING, settings);
    }

    void write(Path folder) {
        ObjectNode root = InputJson.mapper().createObjectNode();
        root.put("step", step);
        root.put("first_loss", firstLoss);
        root.put("last_loss", lastLoss);
        root.put("backend", backend);
        if (computedBy != null) {
            root.put("computed_by", computedBy);
        }
        best.put(root);
        if (read != null) {
            ObjectNode counts = root.putObject("read");
            counts.put("sequences", read.sequences());
            counts.put("tokens", read.tokens());
            ObjectNode sources = counts.putObject("tokens_by_source");
            read.bySource().forEach(sources::put);
        }
        root.put("config_digest", Fingerprint.of(settings));
        ObjectNode texts = root.putObject("settings");
        settings.forEach(texts::put);
        try {
            Files.writeString(folder.resolve(FILE), InputJson.text(root));
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder.resolve(FILE) + "' cannot be written", e);
        }
    }

    /**
     * Reads it back.
     *
     * @throws ModelInputException when the file is missing or is not such a file
     */
    static RunPoint read(Path folder) {
        Path file = folder.resolve(FILE);
        byte[] json = InputFiles.read(file, LARGEST);
        try {
            ObjectNode root = InputJson.object(json);
            JsonNode step = root.path("step");
            JsonNode texts = root.path("settings");
            if (!step.isIntegralNumber() || !texts.isObject() || !root.path("backend").isString()) {
                throw new ModelInputException(
                        "a state file has step, backend and settings; remove this checkpoint to go on from the one before");
            }
            NavigableMap<String, String> settings = new TreeMap<>();
            texts.properties().forEach(e -> settings.put(e.getKey(), e.getValue().asString()));
            return new RunPoint(
                    step.asLong(),
                    number(root.path("first_loss")),
                    number(root.path("last_loss")),
                    root.path("backend").asString(),
                    root.path("computed_by").isString()
                            ? root.path("computed_by").asString()
                            : null,
                    BestSoFar.of(root),
                    read(root.path("read")),
                    settings);
        } catch (ModelInputException e) {
            throw e.in(file);
        }
    }

    private static @Nullable ReadSoFar read(JsonNode counts) {
        if (!counts.isObject()) {
            return null;
        }
        NavigableMap<String, Long> sources = new TreeMap<>();
        counts.path("tokens_by_source")
                .properties()
                .forEach(e -> sources.put(e.getKey(), e.getValue().asLong()));
        return new ReadSoFar(
                counts.path("sequences").asLong(), counts.path("tokens").asLong(), sources);
    }

    private static @Nullable Double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : null;
    }
}
