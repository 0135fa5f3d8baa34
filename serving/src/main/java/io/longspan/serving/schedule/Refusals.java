package io.longspan.serving.schedule;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.TimeUnit;

/** RESOURCE_EXHAUSTED, and when to come back. */
public final class Refusals {
    /** Clients with a retry policy obey it (gRPC's proposal A6). */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** The rich error model: {@code google.rpc.RetryInfo} among a status's details. */
    private static final Metadata.Key<com.google.rpc.Status> DETAILS =
            Metadata.Key.of(
                    "grpc-status-details-bin",
                    ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private static final long SOONEST = 50;
    private static final long LATEST = 30_000;
    private static final long THOUSAND = 1000;
    private static final int MILLION = 1_000_000;

    private Refusals() {}

    /**
     * A refusal.
     *
     * @param sentence what was full, how full it may be, what to do
     * @param afterNanos when a place is free, by what is known now
     */
    public static StatusRuntimeException busy(String sentence, long afterNanos) {
        long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(afterNanos), SOONEST, LATEST);
        Status status = Status.RESOURCE_EXHAUSTED.withDescription(sentence);
        RetryInfo.Builder retry = RetryInfo.newBuilder();
        retry.getRetryDelayBuilder()
                .setSeconds(millis / THOUSAND)
                .setNanos((int) (millis % THOUSAND) * MILLION);
        Metadata trailers = new Metadata();
        trailers.put(PUSHBACK, Long.toString(millis));
        trailers.put(
                DETAILS,
                com.google.rpc.Status.newBuilder()
                        .setCode(status.getCode().value())
                        .setMessage(sentence)
                        .addDetails(Any.pack(retry.build()))
                        .build());
        return new Busy(status, trailers);
    }

    /**
     * Without a stack trace: under load most calls end this way, and where in the server it was
     * says nothing.
     */
    private static final class Busy extends StatusRuntimeException {
        private static final long serialVersionUID = 1;

        Busy(Status status, Metadata trailers) {
            super(status, trailers);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
