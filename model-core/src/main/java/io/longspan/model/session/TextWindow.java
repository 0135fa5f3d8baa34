package io.longspan.model.session;

/**
 * A part of a text that fits its model.
 *
 * @param text the part, between {@code <s>} and {@code </s>}
 * @param fresh its tokens that no part before it has, those that the tokenizer added left out; at
 *     least 1
 */
public record TextWindow(TokenizedText text, int fresh) {
    /** Checks the count. */
    public TextWindow {
        if (fresh < 1) {
            throw new IllegalArgumentException(
                    "a window has " + fresh + " fresh tokens; it must have at least 1");
        }
    }
}
