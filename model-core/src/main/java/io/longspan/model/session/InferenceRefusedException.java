package io.longspan.model.session;

/**
 * A question that a model cannot answer. The message is one sentence that names what was found,
 * what is allowed and what to do; it never quotes the text that was asked about.
 */
public final class InferenceRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** There is nothing to read. */
        EMPTY_TEXT,
        /** The text has more tokens than the model has positions. */
        TOO_LONG,
        /** No {@code <mask>} in a text whose masks are to be filled. */
        NO_MASK,
        /** The number of guesses is out of range. */
        TOP_K,
        /** The model lacks the head that the question needs: another model may answer it. */
        NO_HEAD
    }

    private final Reason reason;

    InferenceRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why the question was refused. */
    public Reason reason() {
        return reason;
    }
}
