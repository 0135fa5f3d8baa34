package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The providers there are: those of the class path and those of the plug-in folder. Immutable and
 * safe to share; closing it closes the plug-ins' class loaders, so close it after every backend.
 */
public final class AttentionRegistry implements AutoCloseable {
    private final List<FoundProvider> providers;
    private final List<RejectedProvider> rejected;
    private final List<PluginClassLoader> loaders;

    private AttentionRegistry(
            List<FoundProvider> providers,
            List<RejectedProvider> rejected,
            List<PluginClassLoader> loaders) {
        this.providers = providers;
        this.rejected = rejected;
        this.loaders = loaders;
    }

    /**
     * Finds every provider. Order is priority, highest first, then name, so the order of jars never
     * matters.
     *
     * @param plugins folder of third-party jars, or null for none
     * @throws AttentionConfigurationException when the folder cannot be read or two providers share
     *     a name
     */
    public static AttentionRegistry discover(@Nullable Path plugins) {
        return discover(AttentionBackendProvider.class.getClassLoader(), plugins);
    }

    static AttentionRegistry discover(ClassLoader platform, @Nullable Path plugins) {
        ProviderScan scan = new ProviderScan();
        scan.scan(platform, null);
        List<PluginClassLoader> loaders = new ArrayList<>();
        if (plugins != null) {
            for (PluginFolder.Plugin plugin : PluginFolder.scan(plugins)) {
                String origin = plugin.path().toString();
                PluginClassLoader loader = new PluginClassLoader(origin, plugin.urls(), platform);
                loaders.add(loader);
                if (scan.scan(loader, origin) == 0) {
                    scan.reject(
                            origin,
                            "holds no attention backend: no provider is named in META-INF/services/"
                                    + AttentionBackendProvider.class.getName());
                }
            }
        }
        List<FoundProvider> sorted = new ArrayList<>(scan.found());
        sorted.sort(
                Comparator.comparingInt((FoundProvider p) -> -p.provider().priority())
                        .thenComparing(p -> p.provider().name()));
        AttentionRegistry registry =
                new AttentionRegistry(
                        List.copyOf(sorted), List.copyOf(scan.rejected()), List.copyOf(loaders));
        registry.refuseDuplicates();
        return registry;
    }

    /** Every usable provider, by priority, then name. */
    public List<FoundProvider> providers() {
        return providers;
    }

    /** What was found and cannot be used. */
    public List<RejectedProvider> rejected() {
        return rejected;
    }

    /** The names of all usable providers, in order. */
    public List<String> names() {
        return providers.stream().map(p -> p.provider().name()).toList();
    }

    /**
     * The provider of a name.
     *
     * @throws AttentionConfigurationException when there is none, listing the names there are
     */
    public FoundProvider named(String name) {
        return providers.stream()
                .filter(p -> p.provider().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AttentionConfigurationException(unknown(name)));
    }

    @Override
    public void close() {
        for (PluginClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close plug-in " + loader.getName(), e);
            }
        }
    }

    String unknown(String name) {
        String known = names().isEmpty() ? "none" : String.join(", ", names());
        String broken =
                rejected.isEmpty()
                        ? ""
                        : "; not usable: "
                                + rejected.stream()
                                        .map(r -> r.origin() + " (" + r.reason() + ")")
                                        .collect(Collectors.joining(", "));
        return "there is no attention backend '" + name + "'; known are auto, " + known + broken;
    }

    private void refuseDuplicates() {
        Map<String, FoundProvider> byName = new HashMap<>();
        for (FoundProvider candidate : providers) {
            FoundProvider earlier = byName.putIfAbsent(candidate.provider().name(), candidate);
            if (earlier != null) {
                close();
                throw new AttentionConfigurationException(
                        "two attention backends are named '"
                                + candidate.provider().name()
                                + "': one in "
                                + earlier.origin()
                                + ", one in "
                                + candidate.origin()
                                + "; remove one of them");
            }
        }
    }
}
