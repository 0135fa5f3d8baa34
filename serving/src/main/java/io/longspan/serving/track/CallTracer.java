package io.longspan.serving.track;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.longspan.api.v1.InferenceGrpc;
import java.time.Instant;

/** Starts tracking with the stream, before any interceptor, and ends what nobody else ended. */
public final class CallTracer extends ServerStreamTracer.Factory {
    private static final String TRACKED = InferenceGrpc.SERVICE_NAME + "/";

    private final CallLog log;
    private final CallIds ids = new CallIds();

    /** A tracer that writes to a log. */
    public CallTracer(CallLog log) {
        this.log = log;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (!fullMethodName.startsWith(TRACKED)) {
            return new ServerStreamTracer() {};
        }
        Instant now = Instant.now();
        return new Stream(new TrackedCall(log, ids.next(now), now, fullMethodName));
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
