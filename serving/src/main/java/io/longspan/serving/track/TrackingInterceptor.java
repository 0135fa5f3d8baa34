package io.longspan.serving.track;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.longspan.api.InferenceId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes the row of a call before its status goes out, and gives the row's identity out with it.
 * Stands outside of whatever decides the status, so it sees the one that the client gets. Digests
 * requests that come as bytes, see {@link RawService}.
 */
public final class TrackingInterceptor implements ServerInterceptor {
    private final CallLog log;

    /** An interceptor that turns calls away when the log is full. */
    public TrackingInterceptor(CallLog log) {
        this.log = log;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        TrackedCall tracked = TrackedCall.CURRENT.get();
        if (tracked == null) {
            return next.startCall(call, headers);
        }
        tracked.peer(String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
        tracked.deadline(Context.current().getDeadline());
        if (!log.hasRoom()) {
            tracked.leaveOut();
            call.close(Status.UNAVAILABLE.withDescription(log.full()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return new Listening<>(
                next.startCall(new TrackedServerCall<>(call, tracked), headers), tracked);
    }

    /**
     * Holds the one answer of a call back until its row is written: an answer that is on its way
     * cannot become a refusal. The answers of a stream go out as they come, and the row is written
     * before its status does.
     */
    private static final class TrackedServerCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final TrackedCall tracked;
        private @Nullable A held;

        TrackedServerCall(ServerCall<Q, A> call, TrackedCall tracked) {
            super(call);
            this.tracked = tracked;
        }

        @Override
        public void sendMessage(A message) {
            if (message instanceof byte[] answer) {
                tracked.answered(answer);
            }
            if (!getMethodDescriptor().getType().serverSendsOneMessage()) {
                super.sendMessage(message);
                return;
            }
            A earlier = held;
            if (earlier != null) {
                super.sendMessage(earlier);
            }
            held = message;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            Status sent = tracked.end(status);
            trailers.put(InferenceId.TRAILER, tracked.id().toString());
            A answer = held;
            held = null;
            if (sent.isOk() && answer != null) {
                super.sendMessage(answer);
            }
            super.close(sent, trailers);
        }
    }

    private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
        private final TrackedCall tracked;

        private final MessageDigest requests = sha256();

        Listening(ServerCall.Listener<Q> listener, TrackedCall tracked) {
            super(listener);
            this.tracked = tracked;
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof byte[] request) {
                requests.update(request);
                tracked.asked(request);
                tracked.payloadDigest(soFar());
            }
            super.onMessage(message);
        }

        /** Of all requests of the call that have come. */
        private String soFar() {
            try {
                return HexFormat.of().formatHex(((MessageDigest) requests.clone()).digest());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("SHA-256 of the Java platform can be copied", e);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
