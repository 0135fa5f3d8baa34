package io.longspan.serving.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Questions that are refused for what they ask. */
final class Refused {
    private Refused() {}

    /** INVALID_ARGUMENT with a sentence that says what was found, what is allowed, what to do. */
    static StatusRuntimeException because(String sentence) {
        return Status.INVALID_ARGUMENT.withDescription(sentence).asRuntimeException();
    }

    /**
     * A number of a request, or its default where it is 0.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT when it is not from 0 to the most
     */
    static int orDefault(String field, int value, int most, int standard) {
        if (value < 0 || value > most) {
            throw because(
                    field
                            + " is "
                            + value
                            + "; it must be from 1 to "
                            + most
                            + ", or 0 for "
                            + standard);
        }
        return value == 0 ? standard : value;
    }
}
