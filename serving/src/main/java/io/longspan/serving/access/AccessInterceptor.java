package io.longspan.serving.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.model.Quoted;
import io.longspan.serving.access.MethodNeeds.Need;
import io.longspan.serving.track.CallerNote;
import io.longspan.serving.track.TrackedCall;
import io.longspan.store.key.ApiKeyRow;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns away who may not call, by throwing. Stands inside of whatever decides the status, so that
 * refused calls are tracked and measured as any other.
 */
final class AccessInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String BEARER = "bearer ";

    private final boolean asked;
    private final KnownKeys keys;
    private final KeyMeters meters;

    /**
     * An interceptor.
     *
     * @param asked whether a call without a key is turned away
     */
    AccessInterceptor(boolean asked, KnownKeys keys, KeyMeters meters) {
        this.asked = asked;
        this.keys = keys;
        this.meters = meters;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Need need = MethodNeeds.of(method);
        if (need instanceof Need.Nothing) {
            return next.startCall(call, headers);
        }
        Optional<ApiKeyRow> given = secret(headers).map(this::key);
        if (given.isEmpty()) {
            if (asked) {
                throw unauthenticated(
                        "this server asks for a key, and the call brings none; send the header 'authorization: Bearer KEY'");
            }
            return startNamed(PeerNames.of(call), call, headers, next);
        }
        ApiKeyRow key = given.get();
        CallerNote.caller(key.name());
        check(key, need, method);
        KeyMeter meter = meters.of(key);
        meter.begin();
        if (TrackedCall.isTracked()) {
            TrackedCall.current().meter(meter::spend);
        }
        return MeteredCall.start(
                meter,
                Context.current().withValue(Caller.CURRENT, key.name()),
                call,
                headers,
                next);
    }

    /** Who needs no key is called by the certificate, where there is one. */
    private static <Q, A> ServerCall.Listener<Q> startNamed(
            Optional<String> name,
            ServerCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next) {
        if (name.isEmpty()) {
            return next.startCall(call, headers);
        }
        CallerNote.caller(name.get());
        return Contexts.interceptCall(
                Context.current().withValue(Caller.CURRENT, name.get()), call, headers, next);
    }

    private ApiKeyRow key(String secret) {
        return keys.find(secret)
                .orElseThrow(() ->
                        unauthenticated(
                                "the key of the call is not known, was revoked or has expired; have another one made"));
    }

    private static void check(ApiKeyRow key, Need need, String method) {
        switch (need) {
            case Need.Scope(String name) -> {
                if (!key.scopes().contains(name)) {
                    throw denied(
                            key,
                            method,
                            "it opens "
                                    + String.join(", ", key.scopes())
                                    + ", and this takes a key that opens "
                                    + name);
                }
            }
            case Need.Closed() -> throw denied(key, method, "no key opens it");
            case Need.AnyKey(), Need.Nothing() -> {
                // The key is good, whatever it opens.
            }
        }
    }

    private static Optional<String> secret(Metadata headers) {
        String given = headers.get(HEADER);
        if (given == null) {
            return Optional.empty();
        }
        if (!given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthenticated("the header 'authorization' must be 'Bearer KEY'");
        }
        return Optional.of(given.substring(BEARER.length()).strip());
    }

    private static StatusRuntimeException unauthenticated(String sentence) {
        return Status.UNAUTHENTICATED.withDescription(sentence).asRuntimeException();
    }

    private static StatusRuntimeException denied(ApiKeyRow key, String method, String why) {
        return Status.PERMISSION_DENIED
                .withDescription(
                        "key "
                                + Quoted.of(key.name())
                                + " does not open "
                                + Quoted.of(method)
                                + ": "
                                + why)
                .asRuntimeException();
    }
}
