package io.longspan.cli.config;

/**
 * The command line or the configuration asks for something that cannot be; the message is one
 * sentence. Exit code 2.
 */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
