package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.serving.ServedModelSpec;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which models a server holds. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "[NAME=]DIR",
            description = {
                "Model to serve, by its checkpoint folder or, when registered, by its name; may be repeated.",
                "Without it: longspan.serve.models.<name>, or else the model that was registered last."
            })
    private List<String> given = new ArrayList<>();

    /** The models in force; empty when none is named and none is registered. */
    List<ServedModelSpec> models(Configuration configuration, Store store) {
        if (!given.isEmpty()) {
            return given.stream().map(text -> read(text, store)).toList();
        }
        List<ServedModelSpec> configured =
                configuration.below("longspan.serve.models").entrySet().stream()
                        .map(e -> spec(e.getKey(), e.getValue()))
                        .toList();
        return configured.isEmpty() ? registered(store) : configured;
    }

    private static List<ServedModelSpec> registered(Store store) {
        return store.models().list().stream()
                .filter(model -> Files.isDirectory(Path.of(model.folder())))
                .findFirst()
                .map(ModelOptions::spec)
                .stream()
                .toList();
    }

    private static ServedModelSpec read(String text, Store store) {
        int equals = text.indexOf('=');
        if (equals > 0) {
            return spec(text.substring(0, equals), text.substring(equals + 1));
        }
        Path folder = Path.of(text);
        if (Files.isDirectory(folder)) {
            return spec(String.valueOf(folder.toAbsolutePath().normalize().getFileName()), text);
        }
        return store.models()
                .newest(text)
                .map(ModelOptions::spec)
                .orElseThrow(() ->
                        new UsageException(
                                "--model '"
                                        + text
                                        + "' is neither a checkpoint folder nor the name of a registered model"));
    }

    private static ServedModelSpec spec(ModelRow model) {
        return new ServedModelSpec(
                model.name(), Optional.of(model.version()), Path.of(model.folder()));
    }

    private static ServedModelSpec spec(String name, String folder) {
        return new ServedModelSpec(name, Optional.empty(), Path.of(folder));
    }
}
