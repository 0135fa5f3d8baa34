package io.longspan.api;

import io.grpc.Metadata;

/**
 * How urgent a call of the {@code Inference} service is: a header with a level from {@link
 * #MOST_URGENT} to {@link #LEAST_URGENT}, as Open Inference Protocol clients count them; 0 or no
 * header is the usual one.
 */
public final class RequestPriority {
    /** The header's name. */
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("longspan-priority", Metadata.ASCII_STRING_MARSHALLER);

    /** Before all others. */
    public static final int MOST_URGENT = 1;

    /** After all others, until it has waited. */
    public static final int LEAST_URGENT = 9;

    private RequestPriority() {}
}
