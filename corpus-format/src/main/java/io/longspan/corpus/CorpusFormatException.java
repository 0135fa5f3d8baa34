package io.longspan.corpus;

/**
 * A file of a data set is missing or not as it should be. The message is one sentence that names
 * the file, the value found and what was allowed.
 */
public final class CorpusFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public CorpusFormatException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public CorpusFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
