package io.longspan.attention.registry;

import io.longspan.attention.AttentionConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of third-party jars: each jar directly in it is a plug-in, and each sub-folder with
 * jars is one.
 */
final class PluginFolder {
    private PluginFolder() {}

    /** One plug-in: the path that names it in messages, and its jars. */
    record Plugin(Path path, List<Path> jars) {
        Plugin {
            jars = List.copyOf(jars);
        }

        URL[] urls() {
            return jars.stream().map(Plugin::url).toArray(URL[]::new);
        }

        private static URL url(Path jar) {
            try {
                return jar.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<Plugin> scan(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new AttentionConfigurationException(
                    "plug-in folder '"
                            + folder
                            + "' is not a folder; create it or change longspan.attention.plugins");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted()
                    .filter(entry -> isJar(entry) || Files.isDirectory(entry))
                    .map(entry -> new Plugin(entry, isJar(entry) ? List.of(entry) : jarsIn(entry)))
                    .toList();
        } catch (IOException e) {
            throw new AttentionConfigurationException(
                    "plug-in folder '"
                            + folder
                            + "' cannot be read ("
                            + e.getMessage()
                            + "); check its permissions",
                    e);
        }
    }

    private static List<Path> jarsIn(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(PluginFolder::isJar).sorted().toList();
        } catch (IOException e) {
            throw new AttentionConfigurationException(
                    "plug-in '"
                            + folder
                            + "' cannot be read ("
                            + e.getMessage()
                            + "); check its permissions",
                    e);
        }
    }

    private static boolean isJar(Path path) {
        return path.getFileName().toString().endsWith(".jar") && Files.isRegularFile(path);
    }
}
