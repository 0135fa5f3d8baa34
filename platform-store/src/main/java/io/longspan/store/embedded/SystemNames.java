package io.longspan.store.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What this machine calls things. */
final class SystemNames {
    private SystemNames() {}

    /** The archive of PostgreSQL's programs for this machine, as its jars name it. */
    static String archive() {
        return "postgres-" + system() + "-" + architecture() + ".txz";
    }

    /** Where a user's files go that can be made again. */
    static Path cache() {
        Path home = Path.of(System.getProperty("user.home", "."));
        return switch (system()) {
            case "windows" -> environment("LOCALAPPDATA").orElse(home.resolve("AppData/Local"));
            case "darwin" -> home.resolve("Library/Caches");
            default -> environment("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        };
    }

    static boolean windows() {
        return system().equals("windows");
    }

    static boolean root() {
        return !windows() && new UnixSystem().getUid() == 0;
    }

    private static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }

    private static Optional<Path> environment(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(v -> !v.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute);
    }
}
