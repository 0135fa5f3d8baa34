package io.longspan.serving.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call that its key's meter counts as running until its status goes out, so that a client may
 * begin the next one as soon as it has the status of this one; or until it is cancelled.
 */
final class MeteredCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final KeyMeter meter;
    private final AtomicBoolean ended = new AtomicBoolean();

    private MeteredCall(ServerCall<Q, A> call, KeyMeter meter) {
        super(call);
        this.meter = meter;
    }

    /** Starts a call whose meter has begun. */
    static <Q, A> ServerCall.Listener<Q> start(
            KeyMeter meter,
            Context context,
            ServerCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next) {
        MeteredCall<Q, A> metered = new MeteredCall<>(call, meter);
        try {
            ServerCall.Listener<Q> listener =
                    Contexts.interceptCall(context, metered, headers, next);
            return new SimpleForwardingServerCallListener<>(listener) {
                @Override
                public void onCancel() {
                    metered.end();
                    super.onCancel();
                }

                @Override
                public void onComplete() {
                    metered.end();
                    super.onComplete();
                }
            };
        } catch (RuntimeException e) {
            metered.end();
            throw e;
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        end();
        super.close(status, trailers);
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            meter.end();
        }
    }
}
