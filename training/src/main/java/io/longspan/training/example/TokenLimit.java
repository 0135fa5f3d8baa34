package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tokenizer.Encoding;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a text may be for a model.
 *
 * @param model that reads it
 * @param longest tokens of a text, special ones included
 * @param truncate whether longer texts are cut; they are refused otherwise
 */
record TokenLimit(LongformerConfig model, int longest, boolean truncate) {
    private static final Logger LOG = LoggerFactory.getLogger(TokenLimit.class);

    /**
     * The tokens that are read, of which the longer text of a pair has lost its last ones first.
     *
     * @param refusal makes an error that names the example
     * @return indices into the encoding, ascending
     */
    int[] kept(Encoding encoding, Function<String, ModelInputException> refusal) {
        if (encoding.size() > longest && !truncate) {
            throw refusal.apply(
                    "has "
                            + encoding.size()
                            + " tokens and at most "
                            + longest
                            + " are read; set truncate: true to cut it, or raise sequence_length or the model's positions");
        }
        int[] left = new int[2];
        IntStream.range(0, encoding.size())
                .filter(i -> !encoding.isSpecial(i))
                .forEach(i -> left[encoding.sequence(i)]++);
        for (int over = encoding.size() - longest; over > 0 && left[0] + left[1] > 0; over--) {
            left[left[0] >= left[1] ? 0 : 1]--;
        }
        int[] kept =
                IntStream.range(0, encoding.size())
                        .filter(i -> encoding.isSpecial(i) || left[encoding.sequence(i)]-- > 0)
                        .toArray();
        for (int i : kept) {
            known(encoding.id(i), refusal);
        }
        return kept;
    }

    /** The ids of {@link #kept}. */
    long[] ids(Encoding encoding, Function<String, ModelInputException> refusal) {
        return IntStream.of(kept(encoding, refusal)).mapToLong(encoding::id).toArray();
    }

    /** An id that the model has a word for. */
    long known(long id, Function<String, ModelInputException> refusal) {
        if (id >= model.vocabSize()) {
            throw refusal.apply(
                    "becomes the token id "
                            + id
                            + " and the model knows 0 to "
                            + (model.vocabSize() - 1)
                            + "; put the model's own tokenizer beside it");
        }
        return id;
    }

    /** Says how many examples may have been cut, if any. */
    void report(List<EncodedExample> encoded) {
        long full = encoded.stream().filter(e -> e.longest() == longest).count();
        if (truncate && full > 0) {
            LOG.info(
                    "{} of {} examples fill the {} tokens of a sequence; what was longer is cut",
                    full,
                    encoded.size(),
                    longest);
        }
    }
}
