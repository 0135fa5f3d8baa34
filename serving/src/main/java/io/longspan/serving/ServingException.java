package io.longspan.serving;

/**
 * The server cannot run as it was told to: a folder, a model, an address. The message is one
 * sentence for people.
 */
public final class ServingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public ServingException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public ServingException(String message, Throwable cause) {
        super(message, cause);
    }
}
