package io.longspan.training.data;

import io.longspan.corpus.DiskFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;

/** SHA-256 in hex. */
public final class Fingerprint {
    private static final int PIECE = 1 << 20;

    private Fingerprint() {}

    public static String of(Map<String, String> settings) {
        MessageDigest digest = DiskFiles.sha256();
        settings.forEach((key, value) ->
                digest.update((key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8)));
        return DiskFiles.hex(digest);
    }

    public static String of(String text) {
        MessageDigest digest = DiskFiles.sha256();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return DiskFiles.hex(digest);
    }

    /** The digest itself. */
    public static byte[] bytes(byte[] content) {
        return DiskFiles.sha256().digest(content);
    }

    public static String of(Path file) {
        MessageDigest digest = DiskFiles.sha256();
        byte[] piece = new byte[PIECE];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(piece); count >= 0; count = bytes.read(piece)) {
                digest.update(piece, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
        return DiskFiles.hex(digest);
    }
}
