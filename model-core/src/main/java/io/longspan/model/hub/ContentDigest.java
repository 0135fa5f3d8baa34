package io.longspan.model.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The digest that a listing gives of a file, computed as its bytes pass. */
final class ContentDigest {
    private final @Nullable String expected;
    private final @Nullable MessageDigest digest;

    private ContentDigest(@Nullable String expected, @Nullable MessageDigest digest) {
        this.expected = expected;
        this.digest = digest;
    }

    static ContentDigest of(HubFile file) {
        if (file.sha256() != null) {
            return new ContentDigest(file.sha256(), named("SHA-256"));
        }
        if (file.blob() != null && file.size() >= 0) {
            MessageDigest digest = named("SHA-1");
            // git hashes a small header with the contents.
            digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
            return new ContentDigest(file.blob(), digest);
        }
        return new ContentDigest(null, null);
    }

    void add(byte[] bytes, int count) {
        if (digest != null) {
            digest.update(bytes, 0, count);
        }
    }

    /** Whether all bytes together are what was promised. Once, at the end. */
    boolean matches() {
        return digest == null || HexFormat.of().formatHex(digest.digest()).equals(expected);
    }

    private static MessageDigest named(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
