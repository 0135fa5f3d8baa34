package io.longspan.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes a folder that appears under its name only when everything is in it. */
public final class NewFolder {
    private NewFolder() {}

    /**
     * Fills a hidden folder beside the target and renames it; when filling fails, nothing is left.
     *
     * @throws ModelInputException when the target exists and is not an empty folder, or its parent
     *     is missing
     */
    public static void write(Path target, Consumer<Path> filler) {
        Path whole = target.toAbsolutePath().normalize();
        check(target, whole);
        Path hidden =
                whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                Files.createDirectory(hidden);
                filler.accept(hidden);
                Files.deleteIfExists(whole);
                Files.move(hidden, whole, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                deleteTree(hidden);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + target + "' cannot be written", e);
        }
    }

    /**
     * Checks early that a folder can be made, before long work begins.
     *
     * @throws ModelInputException when it cannot
     */
    public static void check(Path target) {
        check(target, target.toAbsolutePath().normalize());
    }

    private static void check(Path target, Path whole) {
        AtomicFile.checkFolder(target);
        if (Files.exists(whole) && !isEmptyFolder(whole)) {
            throw new ModelInputException(
                    "'"
                            + target
                            + "' exists already and is not an empty folder; name a new one, or remove it");
        }
    }

    private static boolean isEmptyFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be read", e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(folder)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
