package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads JSON lines: an object per line with {@code text}, {@code label} and perhaps {@code
 * text_pair}. Empty lines and other fields are left out.
 */
final class ExampleFile {
    private ExampleFile() {}

    /**
     * Reads a file.
     *
     * @throws ModelInputException naming the file, and the line that is no example
     */
    static List<Example> read(Path file) {
        return JsonLines.read(
                file,
                line ->
                        new Example(
                                line.file(),
                                line.number(),
                                line.text("text"),
                                line.optionalText("text_pair"),
                                line.field("label", "give every example its label")));
    }
}
