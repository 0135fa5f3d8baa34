package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackendProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Writes plug-in jars out of this module's own test classes. */
final class Jars {
    private Jars() {}

    static Path write(Path jar, String serviceLines, List<Class<?>> classes) throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            if (!serviceLines.isEmpty()) {
                out.putNextEntry(
                        new JarEntry(
                                "META-INF/services/" + AttentionBackendProvider.class.getName()));
                out.write(serviceLines.getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(entry)) {
                    bytes.transferTo(out);
                }
            }
        }
        return jar;
    }

    /** A jar that offers one variant of the fake provider. */
    static Path offering(Path jar, Class<? extends FakeProvider> variant) throws IOException {
        Class<?> backend = FakeProvider.class.getDeclaredClasses()[0];
        for (Class<?> nested : FakeProvider.class.getDeclaredClasses()) {
            if (nested.getSimpleName().equals("Backend")) {
                backend = nested;
            }
        }
        List<Class<?>> classes =
                variant == FakeProvider.class
                        ? List.of(FakeProvider.class, backend)
                        : List.of(FakeProvider.class, backend, variant);
        return write(jar, variant.getName() + "\n", classes);
    }
}
