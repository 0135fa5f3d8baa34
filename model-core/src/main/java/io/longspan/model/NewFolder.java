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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes and removes folders so that a name never shows half of one, also when the process is
 * killed: work is done under a hidden name beside it.
 */
public final class NewFolder {
    private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.[0-9a-f-]{36}\\.tmp");

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
        Path hidden = hidden(whole);
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

    /** Removes a folder with everything in it; its name is gone first. */
    public static void remove(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        Path hidden = hidden(whole);
        try {
            Files.move(whole, hidden, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(hidden);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be removed", e);
        }
    }

    /** Removes what killed processes left of folders that were under way beside each other. */
    public static void sweep(Path parent) {
        try (Stream<Path> entries = Files.list(parent)) {
            for (Path entry : entries.filter(NewFolder::isLeftover).toList()) {
                deleteTree(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + parent + "' cannot be tidied up", e);
        }
    }

    private static boolean isLeftover(Path entry) {
        return Files.isDirectory(entry)
                && LEFTOVER.matcher(entry.getFileName().toString()).matches();
    }

    private static Path hidden(Path whole) {
        return whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID() + ".tmp");
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
