package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A run's settings in YAML. Its paths count from the working folder, and become absolute. */
final class TrainingFile {
    private static final List<String> PATHS =
            List.of("model", "data", "train", "validation", "output");

    private TrainingFile() {}

    /** What is wrong, and where if that is known. */
    private static String why(Exception e) {
        if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return marked.getProblem() + " in line " + (marked.getProblemMark().getLine() + 1);
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    static Map<String, Object> read(Path file) throws IOException {
        Object root;
        try (Reader reader = Files.newBufferedReader(file)) {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
        } catch (YAMLException | java.nio.charset.CharacterCodingException e) {
            throw new UsageException(
                    "'" + file + "' cannot be read (" + why(e) + "); it must be YAML in UTF-8", e);
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new UsageException(
                    "'" + file + "' must hold settings by name, such as 'steps: 1000'");
        }
        return absolute(map);
    }

    /** A path, or several, each perhaps with settings of its own. */
    private static Object located(Object value) {
        if (value instanceof List<?> several) {
            return several.stream().map(entry -> entry == null ? "" : located(entry)).toList();
        }
        if (value instanceof Map<?, ?> entry) {
            Map<Object, Object> own = new LinkedHashMap<>(entry);
            own.computeIfPresent("path", (_, path) -> located(path));
            return own;
        }
        return Path.of(value.toString()).toAbsolutePath().normalize().toString();
    }

    /** The settings with absolute paths, so that they mean the same in any process. */
    static Map<String, Object> absolute(Map<?, ?> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value != null) {
                all.put(name, PATHS.contains(name) ? located(value) : value);
            }
        });
        return all;
    }
}
