package io.longspan.admin.api;

/** A parameter of the request cannot be used. */
final class BadParameterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadParameterException(String message) {
        super(message);
    }
}
