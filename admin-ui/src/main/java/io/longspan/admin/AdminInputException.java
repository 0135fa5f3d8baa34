package io.longspan.admin;

/** A setting of the console cannot be used. The message is one sentence for people. */
public final class AdminInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A setting with nothing beneath it. */
    public AdminInputException(String message) {
        super(message);
    }
}
