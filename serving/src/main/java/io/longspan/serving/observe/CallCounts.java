package io.longspan.serving.observe;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Times every stream, by method and by the status that it ended with, from its headers to its end.
 * Methods that are not served share one name: strangers must not make meters.
 */
final class CallCounts extends ServerStreamTracer.Factory {
    private static final String UNKNOWN = "unknown";

    private final MeterProvider<Timer> timers;
    private final Supplier<Set<String>> served;

    /**
     * A tracer.
     *
     * @param served full names of the methods, asked for with every call
     */
    CallCounts(MeterRegistry registry, Supplier<Set<String>> served) {
        timers =
                Timer.builder("longspan.calls")
                        .description(
                                "Calls by what they ended with, those that were refused included")
                        .withRegistry(registry);
        this.served = served;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        String method = served.get().contains(fullMethodName) ? fullMethodName : UNKNOWN;
        return new Stream(method, System.nanoTime());
    }

    private final class Stream extends ServerStreamTracer {
        private final String method;
        private final long begin;

        Stream(String method, long begin) {
            this.method = method;
            this.begin = begin;
        }

        @Override
        public void streamClosed(Status status) {
            timers.withTags("method", method, "status", status.getCode().name())
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }
}
