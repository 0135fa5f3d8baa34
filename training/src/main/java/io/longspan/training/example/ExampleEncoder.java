package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns examples into token ids that fit a model. */
final class ExampleEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(ExampleEncoder.class);

    private final RobertaTokenizer tokenizer;
    private final LongformerConfig model;
    private final LabelSet labels;
    private final int longest;
    private final boolean truncate;

    /**
     * An encoder over the caller's tokenizer.
     *
     * @param longest tokens of a text, special ones included
     * @param truncate whether longer texts are cut; they are refused otherwise
     */
    ExampleEncoder(
            RobertaTokenizer tokenizer,
            LongformerConfig model,
            LabelSet labels,
            int longest,
            boolean truncate) {
        this.tokenizer = tokenizer;
        this.model = model;
        this.labels = labels;
        this.longest = longest;
        this.truncate = truncate;
    }

    /**
     * Encodes.
     *
     * @throws ModelInputException naming the line whose label or length is not allowed
     */
    List<EncodedExample> encode(List<Example> examples) {
        List<EncodedExample> encoded = examples.stream().map(this::encode).toList();
        if (truncate) {
            long cut = encoded.stream().filter(example -> example.ids().length == longest).count();
            LOG.info(
                    "{} of {} texts of '{}' fill the {} tokens of a sequence; what was longer is cut",
                    cut,
                    encoded.size(),
                    examples.isEmpty() ? "" : examples.getFirst().file(),
                    longest);
        }
        return encoded;
    }

    private EncodedExample encode(Example example) {
        float[] truth = labels.truth(example);
        String pair = example.pair();
        Encoding encoding =
                pair == null
                        ? tokenizer.encode(example.text())
                        : tokenizer.encodePair(
                                example.text(), pair, model.inputFormat().pairSeparators());
        if (encoding.size() > longest && !truncate) {
            throw example.refusal(
                    "has "
                            + encoding.size()
                            + " tokens and at most "
                            + longest
                            + " are read; set truncate: true to cut it, or raise sequence_length or the model's positions");
        }
        return new EncodedExample(checked(example, shortened(encoding)), truth);
    }

    private long[] checked(Example example, long[] ids) {
        for (long id : ids) {
            if (id >= model.vocabSize()) {
                throw example.refusal(
                        "becomes the token id "
                                + id
                                + " and the model knows 0 to "
                                + (model.vocabSize() - 1)
                                + "; put the model's own tokenizer beside it");
            }
        }
        return ids;
    }

    /** The ids, of which the longer text of a pair has lost its last ones first. */
    private long[] shortened(Encoding encoding) {
        int[] left = new int[2];
        IntStream.range(0, encoding.size())
                .filter(i -> !encoding.isSpecial(i))
                .forEach(i -> left[encoding.sequence(i)]++);
        for (int over = encoding.size() - longest; over > 0 && left[0] + left[1] > 0; over--) {
            left[left[0] >= left[1] ? 0 : 1]--;
        }
        return IntStream.range(0, encoding.size())
                .filter(i -> encoding.isSpecial(i) || left[encoding.sequence(i)]-- > 0)
                .mapToLong(encoding::id)
                .toArray();
    }
}
