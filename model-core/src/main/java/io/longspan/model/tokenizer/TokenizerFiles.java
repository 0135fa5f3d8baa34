package io.longspan.model.tokenizer;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Finds the files of a tokenizer and makes one JSON description of them. */
final class TokenizerFiles {
    private static final long LARGEST_FILE = 64L << 20;
    private static final List<String> PREFIXES = List.of("", "roberta-");

    private TokenizerFiles() {}

    /**
     * A tokenizer's description and the file that errors in it are blamed on.
     *
     * @param file where it came from
     * @param json in the layout of {@code tokenizer.json}
     */
    record Description(Path file, ObjectNode json) {}

    static Description read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelInputException(
                    "tokenizer folder '"
                            + folder
                            + "' is not a folder; name one with tokenizer.json, or with vocab.json"
                            + " and merges.txt");
        }
        Path whole = folder.resolve("tokenizer.json");
        if (Files.exists(whole)) {
            return new Description(whole, object(whole));
        }
        for (String prefix : PREFIXES) {
            Path vocabulary = folder.resolve(prefix + "vocab.json");
            Path merges = folder.resolve(prefix + "merges.txt");
            if (Files.exists(vocabulary) && Files.exists(merges)) {
                return new Description(vocabulary, fromParts(folder, vocabulary, merges));
            }
        }
        throw new ModelInputException(
                "tokenizer folder '"
                        + folder
                        + "' has neither tokenizer.json nor vocab.json with merges.txt; copy them"
                        + " from the model");
    }

    private static ObjectNode fromParts(Path folder, Path vocabulary, Path merges) {
        List<String> lines =
                new String(InputFiles.read(merges, LARGEST_FILE), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        ObjectNode ids = object(vocabulary);
        try {
            SpecialTokens special = SpecialTokens.of(Vocabulary.entries(ids));
            return TokenizerJson.of(ids, lines, special, prefixSpace(folder));
        } catch (ModelInputException e) {
            throw e.in(vocabulary + "' with '" + merges.getFileName());
        }
    }

    /** Some checkpoints are trained with a space before the first word and say so here. */
    private static boolean prefixSpace(Path folder) {
        Path settings = folder.resolve("tokenizer_config.json");
        return Files.exists(settings) && object(settings).path("add_prefix_space").asBoolean(false);
    }

    private static ObjectNode object(Path file) {
        byte[] json = InputFiles.read(file, LARGEST_FILE);
        try {
            return InputJson.object(json);
        } catch (ModelInputException e) {
            throw e.in(file);
        }
    }
}
