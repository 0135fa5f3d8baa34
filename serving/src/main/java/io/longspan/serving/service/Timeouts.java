package io.longspan.serving.service;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.longspan.model.Quoted;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls whose deadline is not written as gRPC over HTTP/2 says. gRPC's own server resets
 * them before any interceptor sees them, so they would get no sentence and leave no row. Therefore
 * the tracer takes such a header away when the stream begins, and the interceptor, which stands
 * inside of whatever decides the status, refuses the call.
 */
public final class Timeouts extends ServerStreamTracer.Factory implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern FORM = Pattern.compile("[0-9]{1,8}[HMSmun]");

    private static final Context.Key<String> BAD = Context.key("longspan-bad-timeout");

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        String bad = bad(headers);
        if (bad == null) {
            return new ServerStreamTracer() {};
        }
        headers.removeAll(HEADER);
        return new ServerStreamTracer() {
            @Override
            public Context filterContext(Context context) {
                return context.withValue(BAD, bad);
            }
        };
    }

    private static @Nullable String bad(Metadata headers) {
        Iterable<String> all = headers.getAll(HEADER);
        if (all != null) {
            for (String given : all) {
                if (!FORM.matcher(given).matches()) {
                    return given;
                }
            }
        }
        return null;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String bad = BAD.get();
        if (bad != null) {
            throw Refused.because(
                    "the header grpc-timeout is "
                            + Quoted.of(bad)
                            + "; it must be 1 to 8 digits and one of H, M, S, m, u and n for its unit");
        }
        return next.startCall(call, headers);
    }
}
