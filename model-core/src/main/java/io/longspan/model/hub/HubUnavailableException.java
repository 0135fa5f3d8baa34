package io.longspan.model.hub;

/**
 * A server cannot be reached, or gave something else than it promised; nothing that the user wrote
 * is wrong. The message is one sentence.
 */
public final class HubUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HubUnavailableException(String message) {
        super(message);
    }

    HubUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
