package io.longspan.admin.page;

/** What was asked for does not exist. The message is one sentence for people. */
public final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a sentence. */
    public Missing(String message) {
        super(message);
    }
}
