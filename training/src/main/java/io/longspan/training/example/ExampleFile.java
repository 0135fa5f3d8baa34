package io.longspan.training.example;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON lines: an object per line with {@code text}, {@code label} and perhaps {@code
 * text_pair}. Empty lines and other fields are left out.
 */
final class ExampleFile {
    private static final String TEXT = "text";
    private static final String PAIR = "text_pair";
    private static final String LABEL = "label";

    private ExampleFile() {}

    /**
     * Reads a file.
     *
     * @throws ModelInputException naming the file, and the line that is no example
     */
    static List<Example> read(Path file) {
        InputFiles.size(file);
        List<Example> examples = new ArrayList<>();
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    examples.add(example(file, number, line));
                }
            }
        } catch (CharacterCodingException e) {
            throw Example.refusal(
                    file, number + 1, "or one soon after is not UTF-8; convert the file");
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
        if (examples.isEmpty()) {
            throw new ModelInputException(
                    "'" + file + "' holds no example; write one JSON object per line");
        }
        return examples;
    }

    private static Example example(Path file, int number, String line) {
        ObjectNode object;
        try {
            object = InputJson.object(line.getBytes(StandardCharsets.UTF_8));
        } catch (ModelInputException e) {
            throw new ModelInputException(
                    "line " + number + " of '" + file + "': " + e.getMessage(), e);
        }
        JsonNode pair = object.get(PAIR);
        JsonNode label = object.get(LABEL);
        if (label == null || label.isNull()) {
            throw Example.refusal(
                    file, number, "has no field 'label'; give every example its label");
        }
        return new Example(
                file,
                number,
                text(file, number, TEXT, object.get(TEXT)),
                pair == null || pair.isNull() ? null : text(file, number, PAIR, pair),
                label);
    }

    private static String text(Path file, int number, String key, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            throw Example.refusal(
                    file, number, "has no field '" + key + "'; give every example its text");
        }
        if (!value.isString()) {
            throw Example.refusal(
                    file,
                    number,
                    "has the "
                            + key
                            + " "
                            + Quoted.of(value.toString())
                            + "; it must be a text in quotes");
        }
        return value.asString();
    }
}
