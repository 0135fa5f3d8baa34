package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.BackendName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Walks one class loader's providers and goes on past broken ones. ServiceLoader throws in {@code
 * hasNext} as well as in {@code next}, and lets a {@link LinkageError} through when a provider
 * names a class that is missing.
 */
final class ProviderScan {
    /**
     * A loader that fails in {@code hasNext} may fail there for ever; a service file has no more
     * lines than this.
     */
    private static final int MOST_FAILURES = 100;

    private static final int HIGHEST_PRIORITY = 1000;

    private final List<FoundProvider> found = new ArrayList<>();
    private final List<RejectedProvider> rejected = new ArrayList<>();

    List<FoundProvider> found() {
        return found;
    }

    List<RejectedProvider> rejected() {
        return rejected;
    }

    /** Adds what the loader offers and returns how many entries, good and bad, that were. */
    int scan(ClassLoader loader, @Nullable String origin) {
        Iterator<AttentionBackendProvider> providers =
                ServiceLoader.load(AttentionBackendProvider.class, loader).iterator();
        int entries = 0;
        int failures = 0;
        while (failures < MOST_FAILURES) {
            try {
                if (!providers.hasNext()) {
                    return entries;
                }
                entries++;
                add(providers.next(), origin);
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                entries++;
                reject(origin == null ? "class path" : origin, rootMessage(e));
            }
        }
        return entries;
    }

    void reject(String origin, String reason) {
        RejectedProvider entry = new RejectedProvider(origin, reason);
        if (!rejected.contains(entry)) {
            rejected.add(entry);
        }
    }

    private void add(AttentionBackendProvider provider, @Nullable String origin) {
        String from = origin == null ? locationOf(provider) : origin;
        String fault = fault(provider);
        if (fault == null) {
            found.add(new FoundProvider(provider, from));
        } else {
            reject(from, "provider " + provider.getClass().getName() + " " + fault);
        }
    }

    /**
     * What is wrong with a provider's account of itself, or null; asked once here, so that nobody
     * later trips over it.
     */
    private static @Nullable String fault(AttentionBackendProvider provider) {
        try {
            if (provider.spiLevel() != AttentionBackendProvider.SPI_LEVEL) {
                return "was built for SPI level "
                        + provider.spiLevel()
                        + "; this platform has "
                        + AttentionBackendProvider.SPI_LEVEL
                        + ": get a build of the plug-in for it";
            }
            if (!BackendName.isValid(provider.name())) {
                return "has the name '"
                        + provider.name()
                        + "'; a name is 1 to 32 lower-case letters, digits and hyphens, a letter first, not 'auto'";
            }
            if (provider.priority() < 0 || provider.priority() > HIGHEST_PRIORITY) {
                return "has priority "
                        + provider.priority()
                        + "; allowed are 0 to "
                        + HIGHEST_PRIORITY;
            }
            Objects.requireNonNull(provider.version(), "version() is null");
            Objects.requireNonNull(provider.summary(), "summary() is null");
            Objects.requireNonNull(provider.capabilities(), "capabilities() is null");
            Objects.requireNonNull(provider.options(), "options() is null");
            return null;
        } catch (RuntimeException e) {
            return "failed when asked about itself ("
                    + describe(e)
                    + "): report this to whoever made it";
        }
    }

    private static String locationOf(AttentionBackendProvider provider) {
        var source = provider.getClass().getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? provider.getClass().getName()
                : source.getLocation().getPath().replaceFirst(".*/(?=[^/]+/?$)", "");
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error.getCause();
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        String own =
                error instanceof LinkageError
                        ? describe(error)
                        : String.valueOf(error.getMessage());
        return root == null ? own : own + " (" + describe(root) + ")";
    }

    private static String describe(Throwable error) {
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
}
