package io.longspan.serving;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches of the health service. They end when their clients please, and a stop waits for every
 * call, so a stop ends them itself once they were told. Thread-safe.
 */
final class HealthWatches implements ServerInterceptor {
    private static final String WATCH = HealthGrpc.getWatchMethod().getFullMethodName();

    private final Set<Watch<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!call.getMethodDescriptor().getFullMethodName().equals(WATCH)) {
            return next.startCall(call, headers);
        }
        Watch<Q, A> watch = new Watch<>(call);
        open.add(watch);
        if (stopping) {
            watch.end();
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(watch, headers)) {
            @Override
            public void onCancel() {
                open.remove(watch);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                open.remove(watch);
                super.onComplete();
            }
        };
    }

    /** Ends those that are open, and those to come. */
    void end() {
        stopping = true;
        open.forEach(Watch::end);
    }

    /** Ignores what is said after its end: the health service knows nothing of it. */
    private static final class Watch<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean closed;

        Watch(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!closed) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }

        void end() {
            close(
                    Status.UNAVAILABLE.withDescription("the server is stopping; try another one"),
                    new Metadata());
        }
    }
}
