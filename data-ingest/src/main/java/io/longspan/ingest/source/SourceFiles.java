package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Lists files. Links inside a folder are not followed, hidden files are skipped. */
final class SourceFiles {
    private SourceFiles() {}

    /**
     * The files of sources, in the order of their documents.
     *
     * @param wanted says of a file's name whether it is read; a file that is named itself always is
     * @param ends what to look for, in words
     * @throws CorpusException when there is nothing to read
     */
    static List<SourceFile> list(List<Path> sources, Predicate<String> wanted, String ends)
            throws IOException {
        List<SourceFile> all = new ArrayList<>();
        for (Path source : sources) {
            if (Files.isDirectory(source)) {
                List<SourceFile> found = walk(source, wanted);
                if (found.isEmpty()) {
                    throw new CorpusException(
                            "source '"
                                    + source
                                    + "' holds no "
                                    + ends
                                    + " file; name a folder with some, or a file");
                }
                all.addAll(found);
            } else if (Files.isRegularFile(source)) {
                BasicFileAttributes attributes =
                        Files.readAttributes(source, BasicFileAttributes.class);
                all.add(file(source, source.getFileName().toString(), attributes));
            } else {
                throw new CorpusException(
                        "source '" + source + "' does not exist; name a folder or a file");
            }
        }
        requireDistinct(all);
        return all;
    }

    private static List<SourceFile> walk(Path folder, Predicate<String> wanted) throws IOException {
        // A source that is a link itself was named on purpose.
        Path root = folder.toRealPath();
        List<SourceFile> found = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path visited, BasicFileAttributes attributes) {
                        return !visited.equals(root) && hidden(visited)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) {
                        String name = visited.getFileName().toString();
                        if (attributes.isRegularFile() && !hidden(visited) && wanted.test(name)) {
                            String path = root.relativize(visited).toString();
                            found.add(
                                    file(
                                            visited,
                                            path.replace(
                                                    visited.getFileSystem().getSeparator(), "/"),
                                            attributes));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(Comparator.comparing(SourceFile::path));
        return found;
    }

    private static boolean hidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private static SourceFile file(Path location, String path, BasicFileAttributes attributes) {
        return new SourceFile(
                location, path, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    private static void requireDistinct(List<SourceFile> files) {
        Map<String, Path> seen = new HashMap<>();
        for (SourceFile file : files) {
            Path twin = seen.put(file.path(), file.location());
            if (twin != null) {
                throw new CorpusException(
                        "'"
                                + twin
                                + "' and '"
                                + file.location()
                                + "' would both be document '"
                                + file.path()
                                + "'; put them into folders of one source, or rename one");
            }
        }
    }
}
