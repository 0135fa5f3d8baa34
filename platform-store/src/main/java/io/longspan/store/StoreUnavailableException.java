package io.longspan.store;

/**
 * The database cannot be used: it is away, refuses the login, has a newer schema, or the embedded
 * server cannot run here. The message is one sentence for people.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public StoreUnavailableException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
