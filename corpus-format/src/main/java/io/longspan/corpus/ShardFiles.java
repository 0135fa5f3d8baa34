package io.longspan.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The names of a shard's files: hidden while they are written, then their own. */
record ShardFiles(Path folder, String name) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final String HIDDEN_END = ".partial";

    ShardFiles {
        checkName(name);
    }

    /** A name that cannot lead out of the folder. */
    static String checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "shard name '" + name + "'; letters, digits, '-' and '_' make one");
        }
        return name;
    }

    Path bin() {
        return folder.resolve(name + ".bin");
    }

    Path idx() {
        return folder.resolve(name + ".idx");
    }

    Path meta() {
        return folder.resolve(name + ".meta.parquet");
    }

    /** The name of a file before it is published. */
    static Path hidden(Path file) {
        return file.resolveSibling("." + file.getFileName() + HIDDEN_END);
    }

    /** All three, in the order of publishing: the index says that the others are there. */
    List<Path> inOrder() {
        return List.of(bin(), meta(), idx());
    }

    boolean published() {
        return Files.exists(idx());
    }

    /** Removes what a run left that did not come to the index. */
    void removeUnpublished() throws IOException {
        for (Path file : inOrder()) {
            Files.deleteIfExists(hidden(file));
            if (!published()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
