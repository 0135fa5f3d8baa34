package io.longspan.serving.observe;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.longspan.api.InferenceId;
import io.longspan.serving.trace.TraceParent;
import io.longspan.serving.track.CallerNote;
import io.longspan.serving.track.TrackedCall;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line in the log for every call that ends: what ended how, for whom, under which identity its
 * row has, and of which trace of the caller's. Stands outside of tracking, whose identity it reads.
 */
final class CallLines implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(CallLines.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        CallerNote caller = new CallerNote();
        Line<Q, A> line = new Line<>(call, TraceParent.of(headers).map(TraceParent::trace), caller);
        return new SimpleForwardingServerCallListener<>(
                Contexts.interceptCall(caller.in(Context.current()), line, headers, next)) {
            @Override
            public void onCancel() {
                line.write(Status.CANCELLED, new Metadata());
                super.onCancel();
            }
        };
    }

    private static final class Line<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Optional<String> trace;
        private final CallerNote caller;
        private final Optional<TrackedCall> tracked =
                TrackedCall.isTracked() ? Optional.of(TrackedCall.current()) : Optional.empty();

        private final long begin = System.nanoTime();
        private final AtomicBoolean written = new AtomicBoolean();

        Line(ServerCall<Q, A> call, Optional<String> trace, CallerNote caller) {
            super(call);
            this.caller = caller;
            this.trace = trace;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            write(status, trailers);
            super.close(status, trailers);
        }

        void write(Status status, Metadata trailers) {
            if (!written.compareAndSet(false, true)) {
                return;
            }
            String id = trailers.get(InferenceId.TRAILER);
            LOG.atInfo()
                    .setMessage("call")
                    .addKeyValue("method", getMethodDescriptor().getFullMethodName())
                    .addKeyValue("status", status.getCode())
                    .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                    .addKeyValue(
                            "inference",
                            id == null ? tracked.map(t -> t.id().toString()).orElse("") : id)
                    .addKeyValue("trace", trace.orElse(""))
                    .addKeyValue("caller", caller.name())
                    .addKeyValue("peer", getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                    .log();
        }
    }
}
