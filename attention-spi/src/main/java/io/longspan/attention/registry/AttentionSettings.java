package io.longspan.attention.registry;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.BackendName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user says about attention.
 *
 * @param backend a backend's name, or {@code auto}
 * @param fallback what happens when that backend cannot be used
 * @param options per backend name, option texts by option name
 * @param plugins folder of third-party jars, or null for none
 */
public record AttentionSettings(
        String backend,
        Fallback fallback,
        Map<String, Map<String, String>> options,
        @Nullable Path plugins) {

    /** The value of {@link #backend} that lets priorities decide. */
    public static final String AUTO = "auto";

    /** What every key of these settings begins with. */
    public static final String PREFIX = "longspan.attention.";

    private static final String OPTIONS = "options.";

    /** Copies the options and checks the name. */
    public AttentionSettings {
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        options.forEach((name, given) -> copy.put(name, Map.copyOf(given)));
        options = Map.copyOf(copy);
        if (!backend.equals(AUTO) && !BackendName.isValid(backend)) {
            throw new AttentionConfigurationException(
                    "longspan.attention.backend is '"
                            + backend
                            + "'; it must be auto or a backend's name, lower-case letters, digits and hyphens");
        }
    }

    /** Auto, fail, no options, no plug-ins. */
    public static AttentionSettings defaults() {
        return new AttentionSettings(AUTO, Fallback.FAIL, Map.of(), null);
    }

    /** The same with another backend. */
    public AttentionSettings withBackend(String name) {
        return new AttentionSettings(name, fallback, options, plugins);
    }

    /** Whether a full key, such as {@code longspan.attention.backend}, is one of these settings. */
    public static boolean knows(String key) {
        if (!key.startsWith(PREFIX)) {
            return false;
        }
        String rest = key.substring(PREFIX.length());
        return rest.equals("backend")
                || rest.equals("fallback")
                || rest.equals("plugins")
                || (rest.startsWith(OPTIONS) && rest.split("\\.", -1).length == 3);
    }

    /**
     * Reads the settings out of full keys; keys without {@link #PREFIX} are left alone.
     *
     * @throws AttentionConfigurationException naming an unknown key or a wrong value and what is
     *     allowed
     */
    public static AttentionSettings from(Map<String, String> properties) {
        Map<String, Map<String, String>> options = new LinkedHashMap<>();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            if (!key.startsWith(PREFIX)) {
                continue;
            }
            if (!knows(key)) {
                throw new AttentionConfigurationException(
                        "setting '"
                                + key
                                + "' is not known; known are "
                                + PREFIX
                                + "backend, "
                                + PREFIX
                                + "fallback, "
                                + PREFIX
                                + "plugins, "
                                + PREFIX
                                + "options.<backend>.<option>");
            }
            String[] parts = key.substring(PREFIX.length()).split("\\.", -1);
            if (parts.length == 3) {
                options.computeIfAbsent(parts[1], name -> new LinkedHashMap<>())
                        .put(parts[2], property.getValue());
            }
        }
        String folder = properties.get(PREFIX + "plugins");
        return new AttentionSettings(
                properties.getOrDefault(PREFIX + "backend", AUTO),
                fallback(properties.getOrDefault(PREFIX + "fallback", "fail")),
                options,
                folder == null || folder.isBlank() ? null : Path.of(folder));
    }

    private static Fallback fallback(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "fail" -> Fallback.FAIL;
            case "next" -> Fallback.NEXT;
            default ->
                    throw new AttentionConfigurationException(
                            "longspan.attention.fallback is '"
                                    + text
                                    + "'; allowed are fail and next");
        };
    }
}
