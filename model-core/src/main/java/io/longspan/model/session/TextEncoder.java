package io.longspan.model.session;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.List;
import java.util.stream.IntStream;

/** From texts to tokens that fit the model. Any number of threads. */
final class TextEncoder {
    private final RobertaTokenizer tokenizer;
    private final int longest;
    private final int pairSeparators;

    /**
     * @throws ModelInputException when the tokenizer has ids that the model does not have
     */
    TextEncoder(RobertaTokenizer tokenizer, LongformerConfig config) {
        if (tokenizer.vocabularySize() > config.vocabSize()) {
            throw new ModelInputException(
                    "the tokenizer has ids up to "
                            + (tokenizer.vocabularySize() - 1)
                            + " and the model's vocabulary ends at "
                            + (config.vocabSize() - 1)
                            + "; use the tokenizer of this checkpoint");
        }
        this.tokenizer = tokenizer;
        longest = config.usablePositions();
        pairSeparators = config.inputFormat().pairSeparators();
    }

    int longest() {
        return longest;
    }

    TokenizedText one(String text) {
        if (text.isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.EMPTY_TEXT, "the text is empty; send at least one character");
        }
        return fitting("text", tokenizer.encode(text));
    }

    TokenizedText pair(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.EMPTY_TEXT,
                    "the "
                            + (first.isEmpty() ? "first" : "second")
                            + " text of the pair is empty; send at least one character");
        }
        return fitting("pair", tokenizer.encodePair(first, second, pairSeparators));
    }

    TokenizedText masked(String text) {
        TokenizedText tokenized = one(text);
        if (tokenized.masks().isEmpty()) {
            throw new InferenceRefusedException(
                    Reason.NO_MASK,
                    "the text has no <mask>; put one where a token is to be guessed");
        }
        return tokenized;
    }

    private TokenizedText fitting(String what, Encoding encoding) {
        int over = encoding.size() - longest;
        if (over > 0) {
            throw new InferenceRefusedException(
                    Reason.TOO_LONG,
                    "the "
                            + what
                            + " has "
                            + encoding.size()
                            + " tokens, "
                            + over
                            + " more than the "
                            + longest
                            + " that this model reads; shorten it, split it, or ask a longer model");
        }
        List<Integer> masks =
                IntStream.range(0, encoding.size())
                        .filter(t -> encoding.id(t) == tokenizer.special().mask())
                        .boxed()
                        .toList();
        return new TokenizedText(encoding, masks);
    }
}
