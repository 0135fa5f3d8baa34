package io.longspan.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The two files of a shard. The shard exists exactly when its index does; a {@code .bin} alone is
 * what a crash left.
 *
 * @param folder where both files lie
 * @param name what both files are called before the dot of {@code .bin} and {@code .idx}: 1 to 200
 *     of A-Z, a-z, 0-9, dot, underscore and hyphen
 */
public record ShardFiles(Path folder, String name) {
    static final String BIN = ".bin";
    static final String IDX = ".idx";

    /** Refuses a name that is no plain file name. */
    public ShardFiles {
        PlainName.check("the name of a shard", name);
    }

    /** The token ids. */
    public Path bin() {
        return folder.resolve(name + BIN);
    }

    /** The index. */
    public Path idx() {
        return folder.resolve(name + IDX);
    }

    /** Whether the shard is complete and in its place. */
    public boolean exists() {
        return Files.exists(idx());
    }

    /**
     * Removes the shard when it exists, its index first, so that half a shard is never visible.
     *
     * @throws UncheckedIOException when the disk refuses
     */
    public void delete() {
        try {
            if (Files.deleteIfExists(idx())) {
                DurableFiles.force(folder);
            }
            Files.deleteIfExists(bin());
        } catch (IOException e) {
            throw new UncheckedIOException("shard '" + folder.resolve(name) + "' stays", e);
        }
    }

    /**
     * The shards of a folder in the order of their names; what unfinished writers left is no shard.
     *
     * @throws UncheckedIOException when the folder cannot be listed
     */
    public static List<ShardFiles> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(IDX) && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - IDX.length()))
                    .sorted()
                    .map(name -> new ShardFiles(folder, name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be listed", e);
        }
    }
}
