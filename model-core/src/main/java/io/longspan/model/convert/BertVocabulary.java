package io.longspan.model.convert;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.SpecialIds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The ids of BERT's special tokens, which its {@code config.json} does not name and Longformer's
 * does: from the vocabulary beside it.
 */
final class BertVocabulary {
    private static final long LARGEST = 64L << 20;
    private static final String BEGIN = "[CLS]";
    private static final String END = "[SEP]";

    private BertVocabulary() {}

    /**
     * The ids that the vocabulary of a folder gives, or the given ones where it has none.
     *
     * @throws ModelInputException when the vocabulary cannot be read
     */
    static SpecialIds ids(Path folder, SpecialIds otherwise) {
        Map<String, Integer> found = new HashMap<>();
        Path lines = folder.resolve("vocab.txt");
        Path json = folder.resolve("tokenizer.json");
        if (Files.isRegularFile(lines)) {
            addLines(lines, found);
        } else if (Files.isRegularFile(json)) {
            addTokens(json, found);
        }
        int end = found.getOrDefault(END, otherwise.sep());
        return new SpecialIds(
                otherwise.pad(),
                found.getOrDefault(BEGIN, otherwise.bos()),
                found.getOrDefault(END, otherwise.eos()),
                end);
    }

    private static void addLines(Path file, Map<String, Integer> found) {
        List<String> words =
                new String(InputFiles.read(file, LARGEST), StandardCharsets.UTF_8).lines().toList();
        for (String token : List.of(BEGIN, END)) {
            int id = words.indexOf(token);
            if (id >= 0) {
                found.put(token, id);
            }
        }
    }

    private static void addTokens(Path file, Map<String, Integer> found) {
        try {
            JsonNode root = InputJson.object(InputFiles.read(file, LARGEST));
            for (JsonNode token : root.path("added_tokens")) {
                found.put(token.path("content").asString(""), token.path("id").asInt(0));
            }
        } catch (ModelInputException e) {
            throw e.in(file);
        }
    }
}
