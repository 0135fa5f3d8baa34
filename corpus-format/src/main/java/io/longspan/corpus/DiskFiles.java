package io.longspan.corpus;

import io.longspan.corpus.ShardEntry.FileEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writing so that a power cut loses nothing, and digests. */
public final class DiskFiles {
    private static final int BLOCK = 1 << 18;

    private DiskFiles() {}

    /**
     * Writes or replaces a small text file in one step: nobody ever sees a half of it.
     *
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public static void writeAtomically(Path file, String text) {
        Path hidden = ShardFiles.hidden(file);
        try {
            try {
                Files.writeString(hidden, text, StandardCharsets.UTF_8);
                force(hidden);
                Files.move(
                        hidden,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(hidden);
            }
            forceFolder(file.toAbsolutePath().resolveSibling(""));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** SHA-256 of a file's content, and its length. */
    static FileEntry entry(Path file) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
                bytes += read;
            }
        }
        return new FileEntry(bytes, hex(digest));
    }

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What a digest has come to, in hex; it begins anew. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes renames in a folder durable, where the system can; Windows cannot open folders. */
    static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException _) {
            // The content was forced; only the names could be lost, and then the shard is redone.
        }
    }

    /** What a full disk, a quota or a lost right becomes. */
    static UncheckedIOException unwritable(Path file, IOException cause) {
        return new UncheckedIOException(
                "'"
                        + file
                        + "' cannot be written ("
                        + cause.getMessage()
                        + "); make room or put that right, and run it again",
                cause);
    }
}
