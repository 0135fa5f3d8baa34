package io.longspan.cli.config;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.model.infer.InferencePrecision;
import io.longspan.model.tensor.MklFullSpeed;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The settings in force, by full key: {@code longspan.yaml} of the working folder, then {@code
 * LONGSPAN_*} of the environment, then {@code --set}; the later wins. A key that nothing reads is
 * an error that names the nearest one.
 *
 * @param values by full key, such as {@code longspan.attention.backend}
 */
public record Configuration(Map<String, String> values) {
    private static final String ENVIRONMENT = "LONGSPAN_";

    /** Read by the start script, before Java is up. */
    private static final String SCRIPT_ONLY = "LONGSPAN_JAVA_OPTIONS";

    /** Read by the log, before anything is configured. */
    private static final String LOG_FORMAT = "LONGSPAN_LOG_FORMAT";

    private static final int DEEPEST_KEY = 16;

    /** Copies the values. */
    public Configuration {
        values = Map.copyOf(values);
    }

    /** Reads the three sources. A missing file is no error; a file that cannot be read is. */
    public static Configuration load(
            Path file, Map<String, String> environment, List<String> assignments) {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            flatten("", 0, parse(file), values, file);
        }
        String format = environment.getOrDefault(LOG_FORMAT, "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException(LOG_FORMAT + " is '" + format + "'; it must be text or json");
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT)
                    && !name.equals(SCRIPT_ONLY)
                    && !name.equals(LOG_FORMAT)) {
                values.put(
                        checked(
                                name.toLowerCase(Locale.ROOT).replace('_', '.'),
                                "environment variable " + name),
                        value);
            }
        });
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new UsageException(
                        "--set '"
                                + assignment
                                + "' must be KEY=VALUE, such as longspan.attention.backend=loop");
            }
            values.put(
                    checked(assignment.substring(0, equals), "--set"),
                    assignment.substring(equals + 1));
        }
        return new Configuration(values);
    }

    /** What is said about attention. */
    public AttentionSettings attention() {
        return AttentionSettings.from(values);
    }

    /**
     * Whether MKL is told to use all instructions of the processor. YAML reads {@code on} and
     * {@code off} as truth values.
     */
    public MklFullSpeed.Mode mklFullSpeed() {
        String text = get(KnownKey.CPU_MKL_FULL_SPEED).orElse("auto");
        return switch (text) {
            case "auto" -> MklFullSpeed.Mode.AUTO;
            case "on", "true" -> MklFullSpeed.Mode.ON;
            case "off", "false" -> MklFullSpeed.Mode.OFF;
            default ->
                    throw new UsageException(
                            KnownKey.CPU_MKL_FULL_SPEED.key()
                                    + " is '"
                                    + text
                                    + "'; it must be auto, on or off");
        };
    }

    /**
     * How linear layers of inference are computed: packed in float32 unless something else is said.
     *
     * @throws io.longspan.model.ModelInputException when there is no such precision
     */
    public InferencePrecision inferencePrecision() {
        return get(KnownKey.INFERENCE_PRECISION)
                .map(name -> InferencePrecision.of(KnownKey.INFERENCE_PRECISION.key(), name))
                .orElse(InferencePrecision.FP32);
    }

    /** The value of a key, if somebody gave one. */
    public Optional<String> get(KnownKey key) {
        return Optional.ofNullable(values.get(key.key()));
    }

    /**
     * The value of a key as a whole number.
     *
     * @throws UsageException when it is none, or out of bounds
     */
    public int number(KnownKey key, int ifMissing, int least, int most) {
        return get(key).map(text -> wholeNumber(key.key(), text, least, most)).orElse(ifMissing);
    }

    /**
     * Names and values below a key such as {@code longspan.serve.models}, in order of the names.
     */
    public Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix + ".")) {
                found.put(key.substring(prefix.length() + 1), value);
            }
        });
        return found;
    }

    private static int wholeNumber(String key, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds.
        }
        throw new UsageException(
                key
                        + " is '"
                        + text
                        + "'; it must be a whole number from "
                        + least
                        + " to "
                        + most);
    }

    private static Object parse(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return root == null ? Map.of() : root;
        } catch (YAMLException | IOException e) {
            String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
            throw new UsageException(
                    "configuration file '"
                            + file
                            + "' cannot be read ("
                            + line
                            + "); it must be YAML in UTF-8",
                    e);
        }
    }

    private static void flatten(
            String prefix, int depth, @Nullable Object node, Map<String, String> into, Path file) {
        String source = "configuration file '" + file + "'";
        if (depth > DEEPEST_KEY) {
            throw new UsageException(
                    source
                            + " nests keys more than "
                            + DEEPEST_KEY
                            + " deep; does an alias of it contain itself?");
        }
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) ->
                    flatten(
                            prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key,
                            depth + 1,
                            value,
                            into,
                            file));
        } else if (prefix.isEmpty()) {
            throw new UsageException(
                    source
                            + " holds "
                            + node
                            + "; it must hold keys, such as longspan.attention.backend: loop");
        } else if (node == null) {
            throw new UsageException(
                    "key '"
                            + checked(prefix, source)
                            + "' of "
                            + source
                            + " has no value; give it one or remove it");
        } else {
            into.put(checked(prefix, source), String.valueOf(node));
        }
    }

    private static String checked(String key, String source) {
        if (!KnownKey.knows(key)) {
            throw new UsageException(
                    "key '"
                            + key
                            + "' of "
                            + source
                            + " is not known; the nearest known key is "
                            + KnownKey.nearest(key));
        }
        return key;
    }
}
