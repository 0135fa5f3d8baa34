package io.longspan.serving.model;

import io.longspan.serving.ServingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * SHA-256 of a checkpoint's weights; of the shards one after the other, where there are several.
 */
final class WeightsDigest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String SHARD = ".safetensors";

    private WeightsDigest() {}

    /** The digest in hex. */
    static String of(Path folder) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[1 << 20];
            for (Path file : files(folder)) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                        digest.update(piece, 0, read);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new ServingException(
                    "the weights in '" + folder + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        Path whole = folder.resolve(WEIGHTS);
        if (Files.exists(whole)) {
            return List.of(whole);
        }
        try (Stream<Path> shards = Files.list(folder)) {
            return shards.filter(f -> f.toString().endsWith(SHARD)).sorted().toList();
        }
    }
}
