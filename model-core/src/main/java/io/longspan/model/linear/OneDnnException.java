package io.longspan.model.linear;

/** oneDNN answered a call with something else than success. */
final class OneDnnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Its word for what it has no code for. */
    private static final int UNIMPLEMENTED = 3;

    private final int status;

    OneDnnException(String function, int status) {
        super("oneDNN answered " + function + " with status " + status);
        this.status = status;
    }

    /** There is code, but it is one for reading. */
    static OneDnnException noFastCode(String function) {
        return new OneDnnException(function, UNIMPLEMENTED);
    }

    boolean unimplemented() {
        return status == UNIMPLEMENTED;
    }
}
