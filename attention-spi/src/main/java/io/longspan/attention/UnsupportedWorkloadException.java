package io.longspan.attention;

import java.util.List;

/**
 * A backend was asked for something that it does not support: the one refusal that backends give.
 */
public final class UnsupportedWorkloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> reasons;

    /** A refusal by the named backend for the given reasons. */
    public UnsupportedWorkloadException(String backend, List<String> reasons) {
        super(
                "attention backend '"
                        + backend
                        + "' "
                        + String.join("; ", reasons)
                        + "; choose another with longspan.attention.backend (longspan backends lists them)");
        this.reasons = List.copyOf(reasons);
    }

    /** The reasons, each fit to follow the backend's name. */
    public List<String> reasons() {
        return reasons;
    }
}
