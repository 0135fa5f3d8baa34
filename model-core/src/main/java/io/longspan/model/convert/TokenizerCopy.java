package io.longspan.model.convert;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries a tokenizer's files from one folder to another. */
public final class TokenizerCopy {
    private static final List<String> NAMES =
            List.of(
                    "tokenizer.json",
                    "vocab.json",
                    "vocab.txt",
                    "sentencepiece.bpe.model",
                    "merges.txt",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "tokenizer_config.json");
    private static final String CONFIG = "tokenizer_config.json";
    private static final String LIMIT = "model_max_length";
    private static final long LARGEST = 256L << 20;

    private TokenizerCopy() {}

    /** The files that a tokenizer may consist of. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Copies what is there; the length limit in the tokenizer's configuration, if it has one,
     * becomes {@code positions}.
     *
     * @return names of the files that were there
     * @throws io.longspan.model.ModelInputException when a file cannot be read
     * @throws UncheckedIOException when one cannot be written
     */
    public static List<String> copy(Path from, Path to, int positions) {
        List<String> present =
                NAMES.stream().filter(name -> Files.isRegularFile(from.resolve(name))).toList();
        for (String name : present) {
            byte[] bytes = InputFiles.read(from.resolve(name), LARGEST);
            try {
                Files.write(
                        to.resolve(name),
                        name.equals(CONFIG) ? withLimit(bytes, positions) : bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("'" + to.resolve(name) + "' cannot be written", e);
            }
        }
        return present;
    }

    private static byte[] withLimit(byte[] json, int positions) {
        JsonNode root = InputJson.mapper().readTree(json);
        if (root instanceof ObjectNode object && object.has(LIMIT)) {
            object.put(LIMIT, positions);
            return object.toPrettyString().getBytes(StandardCharsets.UTF_8);
        }
        return json;
    }
}
