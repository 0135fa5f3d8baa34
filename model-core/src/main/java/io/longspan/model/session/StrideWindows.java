package io.longspan.model.session;

import io.longspan.model.ModelInputException;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts texts that are longer than a model into windows that fit it. A window begins {@code stride}
 * tokens after the one before it and is as long as the model reads, or ends with the text; a text
 * that fits is one window, itself. Cuts lie between tokens of the whole text, which is tokenised
 * once. Immutable; any number of threads.
 */
public final class StrideWindows {
    /** {@code <s>} and {@code </s>}. */
    private static final int FRAME = 2;

    private final int mask;
    private final int longest;
    private final int stride;

    /**
     * A way to cut.
     *
     * @param tokenizer of the texts
     * @param longest tokens that the model reads, {@code <s>} and {@code </s>} included
     * @param stride tokens of the text from the start of a window to that of the next, 1 to {@code
     *     longest - 2}; less than that makes windows overlap
     * @throws ModelInputException when the stride is out of range
     */
    public StrideWindows(RobertaTokenizer tokenizer, int longest, int stride) {
        if (longest <= FRAME) {
            throw new ModelInputException(
                    "the model reads " + longest + " tokens, too few for a text and its frame");
        }
        if (stride < 1 || stride > longest - FRAME) {
            throw new ModelInputException(
                    "the stride is "
                            + stride
                            + " tokens; it must be from 1 to "
                            + (longest - FRAME)
                            + ", the tokens of a text that this model reads at once");
        }
        mask = tokenizer.special().mask();
        this.longest = longest;
        this.stride = stride;
    }

    /** Three quarters of what a model reads, so that a quarter is seen twice. */
    public static int usualStride(int longest) {
        return Math.max(1, (longest - FRAME) * 3 / 4);
    }

    /** Whether a text has to be cut. */
    public boolean tooLong(Encoding text) {
        return text.size() > longest;
    }

    /**
     * The windows of a text, in its order.
     *
     * @param text one text between {@code <s>} and {@code </s>}, with at least one token of its own
     */
    public List<TextWindow> of(Encoding text) {
        int own = text.size() - FRAME;
        if (!tooLong(text)) {
            return List.of(new TextWindow(tokenized(text), own));
        }
        List<TextWindow> windows = new ArrayList<>();
        int seen = 0;
        for (int from = 0; seen < own; from += stride) {
            int to = Math.min(from + longest - FRAME, own);
            windows.add(new TextWindow(tokenized(text.part(1 + from, 1 + to)), to - seen));
            seen = to;
        }
        return List.copyOf(windows);
    }

    /** The first window of a text alone: what is left of it when the rest is cut off. */
    public TextWindow first(Encoding text) {
        int own = Math.min(text.size(), longest) - FRAME;
        return new TextWindow(tokenized(tooLong(text) ? text.part(1, 1 + own) : text), own);
    }

    private TokenizedText tokenized(Encoding encoding) {
        return new TokenizedText(
                encoding,
                IntStream.range(0, encoding.size())
                        .filter(t -> encoding.id(t) == mask)
                        .boxed()
                        .toList());
    }
}
