package io.longspan.attention;

import java.util.List;

/** Whether a backend can do a workload, and if not, why: each reason completes "backend x ...". */
public sealed interface Support {
    /** It can. */
    record Supported() implements Support {}

    /**
     * It cannot.
     *
     * @param reasons at least one, each fit to follow the backend's name
     */
    record Unsupported(List<String> reasons) implements Support {
        /** Copies the reasons. */
        public Unsupported {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a refusal needs a reason");
            }
        }
    }

    /** Supported when there is no reason against it. */
    static Support of(List<String> reasons) {
        return reasons.isEmpty() ? new Supported() : new Unsupported(reasons);
    }

    /**
     * Throws the canonical refusal when this is one; backends call it at the top of forward and
     * plan.
     *
     * @throws UnsupportedWorkloadException naming the backend and every reason
     */
    default void orThrow(String backend) {
        if (this instanceof Unsupported(List<String> reasons)) {
            throw new UnsupportedWorkloadException(backend, reasons);
        }
    }
}
