package io.longspan.model.session;

import io.longspan.model.tokenizer.Encoding;
import java.util.List;

/**
 * A text that fits its model.
 *
 * @param encoding tokens between {@code <s>} and {@code </s>}
 * @param masks indices of the {@code <mask>} tokens, ascending
 */
public record TokenizedText(Encoding encoding, List<Integer> masks) {
    /** Copies the list. */
    public TokenizedText {
        masks = List.copyOf(masks);
    }

    /** Number of tokens, special tokens included. */
    public int tokens() {
        return encoding.size();
    }
}
