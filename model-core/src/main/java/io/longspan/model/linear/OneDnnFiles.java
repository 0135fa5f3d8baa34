package io.longspan.model.linear;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's library out of the jar of {@code org.bytedeco:dnnl}, unpacked once into DJL's cache
 * folder, where libtorch lies too. Nothing else of that jar is used, no JNI and no JavaCPP.
 */
final class OneDnnFiles {
    static final String PLATFORM = "linux-x86_64";
    private static final String FOLDER = "org/bytedeco/dnnl/" + PLATFORM + "/";
    private static final String LIBRARY = "libdnnl.so.3";

    /** The OpenMP that the library was linked with; not libtorch's, which has another name. */
    private static final String OPEN_MP = "libgomp.so.1";

    private OneDnnFiles() {}

    /**
     * Where the two libraries lie.
     *
     * @param library oneDNN
     * @param openMp its OpenMP
     */
    record Unpacked(Path library, Path openMp) {}

    /** Why there is no library for this machine, or nothing. */
    static Optional<String> missing() {
        String machine =
                (System.getProperty("os.name") + "-" + System.getProperty("os.arch"))
                        .toLowerCase(Locale.ROOT)
                        .replace("amd64", "x86_64");
        if (!machine.equals(PLATFORM)) {
            return Optional.of("oneDNN is built in for " + PLATFORM + ", this is " + machine);
        }
        return source(LIBRARY) == null
                ? Optional.of(
                        "oneDNN (org.bytedeco:dnnl, " + PLATFORM + ") is not on the class path")
                : Optional.empty();
    }

    /** Unpacks what is not there yet. */
    static Unpacked unpack() throws IOException {
        return new Unpacked(unpack(LIBRARY), unpack(OPEN_MP));
    }

    private static Path unpack(String name) throws IOException {
        URL source = source(name);
        if (source == null) {
            throw new IOException("no '" + name + "' beside oneDNN on the class path");
        }
        URLConnection opened = source.openConnection();
        long bytes = opened.getContentLengthLong();
        // Of another version, another size or another day: another folder.
        Path folder =
                Utils.getEngineCacheDir("onednn")
                        .resolve(PLATFORM + "-" + bytes + "-" + opened.getLastModified());
        Path target = folder.resolve(name);
        try (InputStream in = opened.getInputStream()) {
            if (Files.isRegularFile(target) && Files.size(target) == bytes) {
                return target;
            }
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, name, ".part");
            try {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        return target;
    }

    private static @Nullable URL source(String name) {
        return OneDnnFiles.class.getClassLoader().getResource(FOLDER + name);
    }
}
