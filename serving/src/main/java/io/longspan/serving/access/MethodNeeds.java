package io.longspan.serving.access;

import io.grpc.health.v1.HealthGrpc;
import io.longspan.api.v1.BackendsGrpc;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ModelsGrpc;
import java.util.Map;
import java.util.Set;

/** What each method takes. A method that nobody has classed opens for nobody. */
final class MethodNeeds {
    private static final String REFLECTION = "grpc.reflection.";

    private static final Map<String, Need> BY_SERVICE =
            Map.of(
                    InferenceGrpc.SERVICE_NAME,
                    new Need.Scope("infer"),
                    InferencesGrpc.SERVICE_NAME,
                    new Need.Scope("stats"),
                    ModelsGrpc.SERVICE_NAME,
                    new Need.Scope("models"),
                    BackendsGrpc.SERVICE_NAME,
                    new Need.AnyKey(),
                    // Whoever watches a server has no key, and learns nothing but names.
                    HealthGrpc.SERVICE_NAME,
                    new Need.Nothing());

    /** Those who ask a model have to find it. */
    private static final Set<String> READING =
            Set.of(
                    ModelsGrpc.getListMethod().getFullMethodName(),
                    ModelsGrpc.getDescribeMethod().getFullMethodName());

    /** What callers sent is for fewer than the log is. */
    private static final Set<String> PAYLOADS =
            Set.of(
                    InferencesGrpc.getGetPayloadMethod().getFullMethodName(),
                    InferencesGrpc.getDeletePayloadsMethod().getFullMethodName());

    private MethodNeeds() {}

    /** What a method takes. */
    sealed interface Need {
        /** No key. */
        record Nothing() implements Need {}

        /** A key, whatever it opens. */
        record AnyKey() implements Need {}

        /**
         * A key that opens something.
         *
         * @param name one of the scopes of keys
         */
        record Scope(String name) implements Need {}

        /** More than any key opens. */
        record Closed() implements Need {}
    }

    /**
     * What a method takes.
     *
     * @param method in full, such as {@code longspan.v1.Inference/Embed}
     */
    static Need of(String method) {
        if (READING.contains(method)) {
            return new Need.AnyKey();
        }
        if (PAYLOADS.contains(method)) {
            return new Need.Scope("payloads");
        }
        String service = method.substring(0, Math.max(0, method.lastIndexOf('/')));
        if (service.startsWith(REFLECTION)) {
            return new Need.AnyKey();
        }
        return BY_SERVICE.getOrDefault(service, new Need.Closed());
    }

    /** Whether a method changes what the server holds, or shows or deletes what callers sent. */
    static boolean isAudited(String method) {
        return of(method) instanceof Need.Scope(String name)
                && (name.equals("models") || name.equals("payloads"));
    }
}
