package io.longspan.admin.api;

/** What was asked for does not exist. */
final class NotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFoundException(String message) {
        super(message);
    }
}
