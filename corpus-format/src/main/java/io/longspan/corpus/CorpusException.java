package io.longspan.corpus;

/**
 * A data set, a corpus or a setting cannot be used. The message is one sentence that names the
 * thing, the value found, what was allowed and what to do.
 */
public final class CorpusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public CorpusException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public CorpusException(String message, Throwable cause) {
        super(message, cause);
    }
}
