package io.longspan.attention;

/**
 * What the user asked for cannot be honoured; the message is one sentence that says what was
 * allowed and what to do.
 */
public final class AttentionConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public AttentionConfigurationException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public AttentionConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
