package io.longspan.cli.role;

/** A process of the platform cannot start; the message is one sentence for people. */
public final class PlatformStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PlatformStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
