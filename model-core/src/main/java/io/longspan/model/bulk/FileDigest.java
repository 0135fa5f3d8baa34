package io.longspan.model.bulk;

import io.longspan.model.InputFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** SHA-256 of what a run reads. */
public final class FileDigest {
    private static final Set<String> MODEL = Set.of("json", "safetensors", "bin", "txt");

    private FileDigest() {}

    /**
     * Of a file's content, in hex.
     *
     * @throws io.longspan.model.ModelInputException when it cannot be read
     */
    public static String of(Path file) {
        return HexFormat.of().formatHex(add(file, sha256()).digest());
    }

    /**
     * Of a checkpoint: names and content of its configuration, weights and tokenizer.
     *
     * @throws io.longspan.model.ModelInputException when it cannot be read
     */
    public static String ofModel(Path folder) {
        MessageDigest digest = sha256();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted =
                    files.filter(Files::isRegularFile)
                            .filter(file -> MODEL.contains(ending(file)))
                            .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                            .toList();
            for (Path file : sorted) {
                String line = file.getFileName() + " " + of(file) + "\n";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw InputFiles.unreadable(folder, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static MessageDigest add(Path file, MessageDigest digest) {
        InputFiles.size(file);
        byte[] block = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
            return digest;
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
