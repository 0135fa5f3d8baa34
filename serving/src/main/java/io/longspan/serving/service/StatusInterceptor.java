package io.longspan.serving.service;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Turns exceptions into statuses on all three ways that they leave a service: thrown from a
 * callback, thrown from the start of a call, and handed to an observer, which closes the call as
 * UNKNOWN with a cause. Stands inside of measuring and tracking, so that both see what the client
 * gets.
 */
public final class StatusInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        OnceClosed<Q, A> closing = new OnceClosed<>(call, method);
        try {
            return new Guarded<>(next.startCall(closing, headers), closing, method);
        } catch (RuntimeException e) {
            closing.close(Statuses.of(e, method), Statuses.trailers(e));
            return new ServerCall.Listener<>() {};
        }
    }

    private static final class OnceClosed<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final String method;
        private boolean closed;

        OnceClosed(ServerCall<Q, A> call, String method) {
            super(call);
            this.method = method;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            Throwable cause = status.getCause();
            super.close(
                    cause != null && status.getCode() == Status.Code.UNKNOWN
                            ? Statuses.of(cause, method)
                            : status,
                    trailers);
        }
    }

    private static final class Guarded<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final OnceClosed<Q, A> call;
        private final String method;

        Guarded(ServerCall.Listener<Q> listener, OnceClosed<Q, A> call, String method) {
            super(listener);
            this.call = call;
            this.method = method;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        private void guard(Runnable callback) {
            try {
                callback.run();
            } catch (RuntimeException e) {
                call.close(Statuses.of(e, method), Statuses.trailers(e));
            }
        }
    }
}
