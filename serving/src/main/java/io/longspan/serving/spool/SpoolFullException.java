package io.longspan.serving.spool;

/** The spool cannot take another row. The message is one sentence for callers. */
public final class SpoolFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SpoolFullException(String message) {
        super(message);
    }

    SpoolFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
