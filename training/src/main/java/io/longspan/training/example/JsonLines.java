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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON lines: an object per line, empty lines left out. */
final class JsonLines {
    /**
     * One line.
     *
     * @param file it stands in
     * @param number counted from 1
     * @param object what it holds
     */
    record Line(Path file, int number, ObjectNode object) {
        ModelInputException refusal(String why) {
            return Example.refusal(file, number, why);
        }

        /** A field that has to be there. */
        JsonNode field(String key, String advice) {
            JsonNode value = object.get(key);
            if (value == null || value.isNull()) {
                throw refusal("has no field '" + key + "'; " + advice);
            }
            return value;
        }

        String text(String key) {
            return text(key, field(key, "give every example its text"));
        }

        /** A text that may be absent. */
        @Nullable String optionalText(String key) {
            JsonNode value = object.get(key);
            return value == null || value.isNull() ? null : text(key, value);
        }

        private String text(String key, JsonNode value) {
            if (!value.isString()) {
                throw refusal(
                        "has the "
                                + key
                                + " "
                                + Quoted.of(value.toString())
                                + "; it must be a text in quotes");
            }
            return value.asString();
        }

        /** A list of texts. */
        List<String> texts(String key, String advice) {
            JsonNode value = field(key, advice);
            List<String> texts = new ArrayList<>();
            for (JsonNode part : value) {
                if (!part.isString()) {
                    throw refusal(
                            "has "
                                    + Quoted.of(part.toString())
                                    + " in '"
                                    + key
                                    + "'; it must hold texts in quotes");
                }
                texts.add(part.asString());
            }
            if (!value.isArray() || texts.isEmpty()) {
                throw refusal("has no list in '" + key + "'; " + advice);
            }
            return texts;
        }
    }

    private JsonLines() {}

    /**
     * Reads a file.
     *
     * @throws ModelInputException naming the file, and the line that is no example
     */
    static <T> List<T> read(Path file, Function<Line, T> reader) {
        InputFiles.size(file);
        List<T> examples = new ArrayList<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    examples.add(reader.apply(new Line(file, number, object(file, number, line))));
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

    private static ObjectNode object(Path file, int number, String line) {
        try {
            return InputJson.object(line.getBytes(StandardCharsets.UTF_8));
        } catch (ModelInputException e) {
            throw new ModelInputException(
                    "line " + number + " of '" + file + "': " + e.getMessage(), e);
        }
    }
}
