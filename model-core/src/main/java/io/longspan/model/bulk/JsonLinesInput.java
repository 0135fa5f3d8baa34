package io.longspan.model.bulk;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of JSON lines, plain or gzipped, whatever its name says: an object per line, blank lines
 * are passed over.
 */
public final class JsonLinesInput implements BulkInput {
    private final Path file;
    private final String textField;
    private final String idField;
    private final long size;
    private final String digest;

    private JsonLinesInput(Path file, String textField, String idField, long size, String digest) {
        this.file = file;
        this.textField = textField;
        this.idField = idField;
        this.size = size;
        this.digest = digest;
    }

    /**
     * Looks at a file; it is read once, for its digest.
     *
     * @param textField member with the text
     * @param idField member with the id; a line without it has its number for an id
     * @throws ModelInputException when there is no such file
     */
    public static JsonLinesInput of(Path file, String textField, String idField) {
        return new JsonLinesInput(
                file, textField, idField, InputFiles.size(file), FileDigest.of(file));
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String digest() {
        return digest + " " + textField + " " + idField;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public BulkSource open(long position) {
        try {
            return JsonLinesSource.open(
                    file, Files.newInputStream(file), textField, idField, position);
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }
}
