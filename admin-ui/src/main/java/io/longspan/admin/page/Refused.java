package io.longspan.admin.page;

/** What was asked for cannot be done as it was asked. The message is one sentence for people. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a sentence. */
    public Refused(String message) {
        super(message);
    }
}
