package io.longspan.store.embedded;

import io.longspan.store.StoreUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's programs, unpacked once per version and user. */
final class Binaries {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DIGEST_LETTERS = 16;
    private static final int EXECUTABLE = 0111;

    private Binaries() {}

    /**
     * The folder with {@code bin}, {@code lib} and {@code share}; unpacks it when it is not there.
     * A folder with its final name is complete.
     *
     * @param cache folder to unpack into; made when missing
     */
    static Path unpacked(Path cache) {
        byte[] archive = archive();
        Path folder = cache.resolve("postgres-" + digest(archive));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(cache);
            try (FolderLock _ = FolderLock.take(cache.resolve("lock"), PATIENCE)) {
                if (!Files.isDirectory(folder)) {
                    Path part = cache.resolve(folder.getFileName() + ".part");
                    delete(part);
                    unpack(archive, part);
                    Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "PostgreSQL's programs cannot be unpacked into '"
                            + cache
                            + "' ("
                            + Problems.reason(e)
                            + "); they need 60 MB in a folder that this user may write",
                    e);
        }
    }

    private static byte[] archive() {
        String name = SystemNames.archive();
        try (InputStream in = Binaries.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new StoreUnavailableException(
                        "the embedded database cannot run here: no jar brings '"
                                + name
                                + "'; build on this kind of machine, or give longspan.store.url of a PostgreSQL server");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "'" + name + "' cannot be read from its jar (" + e.getMessage() + ")", e);
        }
    }

    private static String digest(byte[] archive) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unpack(byte[] archive, Path to) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path file = to.resolve(entry.getName()).normalize();
                if (!file.startsWith(to)) {
                    throw new IOException(
                            "'" + entry.getName() + "' in the archive leads out of it");
                }
                write(tar, entry, file);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
        if (!SystemNames.windows() && (entry.getMode() & EXECUTABLE) != 0) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Deletes a folder with everything in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
