package io.longspan.serving.access;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;

/**
 * Writes down what changes the server or touches what callers sent before it happens, and again
 * when it comes to nothing. What cannot be written down does not happen.
 */
final class AuditInterceptor implements ServerInterceptor {
    private final AuditTrail trail;

    AuditInterceptor(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (!MethodNeeds.isAudited(method)) {
            return next.startCall(call, headers);
        }
        Audited<Q, A> audited = new Audited<>(call, Caller.CURRENT.get(), method);
        return new SimpleForwardingServerCallListener<>(next.startCall(audited, headers)) {
            @Override
            public void onMessage(Q message) {
                audited.asked = AuditTrail.fields(message);
                super.onMessage(message);
            }

            @Override
            public void onHalfClose() {
                audited.begin();
                try {
                    super.onHalfClose();
                } catch (RuntimeException e) {
                    // It becomes a status further out, where nobody knows what was asked.
                    audited.failed(String.valueOf(e.getMessage()));
                    throw e;
                }
            }
        };
    }

    private final class Audited<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final String caller;
        private final String method;
        private volatile Map<String, Object> asked = Map.of();

        Audited(ServerCall<Q, A> call, String caller, String method) {
            super(call);
            this.caller = caller;
            this.method = method;
        }

        void begin() {
            String peer = String.valueOf(getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            trail.begins(caller, method, asked, peer);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!status.isOk()) {
                failed(status.getCode() + ": " + status.getDescription());
            }
            super.close(status, trailers);
        }

        void failed(String why) {
            trail.failed(caller, method, asked, why);
        }
    }
}
