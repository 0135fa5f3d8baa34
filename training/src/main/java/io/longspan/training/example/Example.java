package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One line of a file of examples.
 *
 * @param file it stands in
 * @param line counted from 1
 * @param text to be judged
 * @param pair a second text to be judged with the first, or null
 * @param label as the line gives it
 */
record Example(Path file, int line, String text, @Nullable String pair, JsonNode label) {
    /** A refusal that names the line. */
    ModelInputException refusal(String why) {
        return refusal(file, line, why);
    }

    static ModelInputException refusal(Path file, int line, String why) {
        return new ModelInputException("line " + line + " of '" + file + "' " + why);
    }
}
