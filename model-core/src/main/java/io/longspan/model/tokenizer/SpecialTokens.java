package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import java.util.Map;

/**
 * Ids of the five tokens with a fixed meaning.
 *
 * @param bos {@code <s>}, begins a sequence
 * @param pad {@code <pad>}, fills a batch
 * @param eos {@code </s>}, ends a sequence and separates a pair
 * @param unk {@code <unk>}, stands for what cannot be encoded; byte-level encoding never needs it
 * @param mask {@code <mask>}, stands for a token to be guessed
 */
public record SpecialTokens(int bos, int pad, int eos, int unk, int mask) {
    static SpecialTokens of(Map<String, Integer> vocabulary) {
        return new SpecialTokens(
                id(vocabulary, "<s>"),
                id(vocabulary, "<pad>"),
                id(vocabulary, "</s>"),
                id(vocabulary, "<unk>"),
                id(vocabulary, "<mask>"));
    }

    private static int id(Map<String, Integer> vocabulary, String token) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new ModelInputException(
                    "the vocabulary of "
                            + vocabulary.size()
                            + " tokens has no "
                            + token
                            + "; a RoBERTa tokenizer has <s>, <pad>, </s>, <unk> and <mask>, so"
                            + " check that it is one");
        }
        return id;
    }
}
