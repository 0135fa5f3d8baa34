package io.longspan.cli;

/**
 * The command line or the configuration asks for something that cannot be; the message is one
 * sentence. Exit code 2.
 */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
