package io.longspan.serving.track;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.model.Quoted;
import io.longspan.serving.trace.CallSpan;
import io.longspan.serving.trace.CallTraces;
import io.longspan.serving.trace.TraceParent;
import java.time.Instant;
import java.util.Optional;

/** Starts tracking with the stream, before any interceptor, and ends what nobody else ended. */
public final class CallTracer extends ServerStreamTracer.Factory {
    private static final String TRACKED = InferenceGrpc.SERVICE_NAME + "/";

    private final CallLog log;
    private final CallTraces traces;
    private final CallIds ids = new CallIds();

    /** A tracer that writes to a log. */
    public CallTracer(CallLog log) {
        this(log, CallTraces.OFF);
    }

    /** A tracer that writes to a log and begins the spans of calls. */
    public CallTracer(CallLog log, CallTraces traces) {
        this.log = log;
        this.traces = traces;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (!fullMethodName.startsWith(TRACKED)) {
            return new ServerStreamTracer() {};
        }
        Instant now = Instant.now();
        Optional<TraceParent> parent = TraceParent.of(headers);
        CallSpan span = traces.begin(Quoted.plain(fullMethodName), parent, now);
        String trace = parent.map(TraceParent::trace).orElseGet(span::trace);
        return new Stream(new TrackedCall(log, ids.next(now), now, fullMethodName, trace, span));
    }

    private static final class Stream extends ServerStreamTracer {
        private final TrackedCall call;

        Stream(TrackedCall call) {
            this.call = call;
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(TrackedCall.CURRENT, call);
        }

        @Override
        public void streamClosed(Status status) {
            call.endedBy(status);
        }
    }
}
