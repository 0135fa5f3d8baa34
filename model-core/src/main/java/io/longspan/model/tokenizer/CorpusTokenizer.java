package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Encodes the plain text of corpora, many times as fast as {@link RobertaTokenizer} and with the
 * same ids, except that nothing in a text is special: a literal {@code </s>} is four characters.
 * Thread-safe, holds nothing native, needs no closing.
 */
public final class CorpusTokenizer {
    /** The longest text, in UTF-16 units. */
    public static final int LONGEST_TEXT = 1 << 28;

    private final PieceEncoder pieces;
    private final int[] ids;
    private final boolean prefixSpace;
    private final int vocabularySize;
    private final int separator;
    private final String digest;

    private CorpusTokenizer(ObjectNode json) {
        requirePlain(json);
        Map<String, Integer> vocabulary = Vocabulary.ofTokenizer(json);
        MergeTable merges = MergeTable.of(json, vocabulary);
        separator = SpecialTokens.of(vocabulary).eos();
        vocabularySize = Collections.max(vocabulary.values()) + 1;
        prefixSpace = json.path("pre_tokenizer").path("add_prefix_space").asBoolean(true);
        ids = merges.ids();
        // Every ingest waits for this, so the two go at once.
        CompletableFuture<String> named =
                CompletableFuture.supplyAsync(
                        () -> TokenizerDigest.of(vocabulary, merges, prefixSpace));
        pieces = PieceEncoder.of(merges);
        digest = named.join();
    }

    /**
     * Opens the tokenizer of a folder, from the files that {@link RobertaTokenizer#open} reads.
     *
     * @throws ModelInputException naming the file and what is wrong with it, or which of its
     *     settings is not that of a byte-level tokenizer
     */
    public static CorpusTokenizer open(Path folder) {
        TokenizerFiles.Description description = TokenizerFiles.read(folder);
        try {
            return new CorpusTokenizer(description.json());
        } catch (ModelInputException e) {
            throw e.in(description.file());
        }
    }

    /**
     * The ids of a text, without {@code <s>} and {@code </s>} around it. Lone surrogates are
     * encoded as U+FFFD.
     *
     * @throws ModelInputException when the text is longer than {@link #LONGEST_TEXT}
     */
    public int[] encode(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new ModelInputException(
                    "a text has "
                            + text.length()
                            + " characters; at most "
                            + LONGEST_TEXT
                            + " can be encoded at once, so split it");
        }
        String spaced = prefixSpace && !text.isEmpty() && text.charAt(0) != ' ' ? " " + text : text;
        int[] found = pieces.symbols(WellFormed.of(spaced));
        for (int i = 0; i < found.length; i++) {
            found[i] = ids[found[i]];
        }
        return found;
    }

    /** One more than the largest id. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** The id of {@code </s>}, which ends each document of a corpus. */
    public int separator() {
        return separator;
    }

    /**
     * SHA-256, in hexadecimal, over the vocabulary, the merges and whether a space is put in front.
     * Both layouts of the files of one tokenizer give the same.
     */
    public String digest() {
        return digest;
    }

    /** Settings that change ids and that RoBERTa's tokenizer does not have. */
    private static void requirePlain(ObjectNode json) {
        JsonNode model = json.path("model");
        JsonNode split = json.path("pre_tokenizer");
        require("normalizer", json.path("normalizer"), "");
        // Without one the text would not be split at all; the others have RoBERTa's as defaults.
        String type = split.path("type").asString("none");
        require("pre_tokenizer.type", StringNode.valueOf(type), "ByteLevel");
        require("pre_tokenizer.use_regex", split.path("use_regex"), "true");
        require("model.type", model.path("type"), "BPE");
        require("model.dropout", model.path("dropout"), "");
        require("model.ignore_merges", model.path("ignore_merges"), "false");
        require("model.continuing_subword_prefix", model.path("continuing_subword_prefix"), "");
        require("model.end_of_word_suffix", model.path("end_of_word_suffix"), "");
    }

    private static void require(String key, JsonNode found, String wanted) {
        boolean absent = found.isMissingNode() || found.isNull();
        if (!absent && !found.asString(found.toString()).equals(wanted)) {
            throw new ModelInputException(
                    key
                            + " is "
                            + Quoted.of(found.toString())
                            + "; the tokenizer of a corpus "
                            + (wanted.isEmpty() ? "has none" : "needs '" + wanted + "'")
                            + ", so take a RoBERTa's");
        }
    }
}
