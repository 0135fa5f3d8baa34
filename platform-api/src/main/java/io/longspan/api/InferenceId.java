package io.longspan.api;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** The identity of a tracked inference outside its answer: a trailer that every call ends with. */
public final class InferenceId {
    /** The trailer's name. */
    public static final Metadata.Key<String> TRAILER =
            Metadata.Key.of("longspan-inference-id", Metadata.ASCII_STRING_MARSHALLER);

    private InferenceId() {}

    /**
     * The identity of a call that failed. Empty when no server was reached, or when the call ended
     * before the service saw it, as a message over the size limit does.
     */
    public static Optional<String> of(StatusRuntimeException failure) {
        Metadata trailers = failure.getTrailers();
        return trailers == null ? Optional.empty() : Optional.ofNullable(trailers.get(TRAILER));
    }
}
