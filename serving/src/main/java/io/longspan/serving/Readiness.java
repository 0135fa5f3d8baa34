package io.longspan.serving;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.serving.model.ServedModels;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.context.ApplicationListener;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;

/**
 * What the health service says. Overall, for {@code longspan.v1.Inference} and for each {@code
 * longspan.model.NAME}: SERVING from the first moment, since the port opens when all models are
 * warm, and NOT_SERVING from the moment a stop begins; whoever watches is told, and the watch ends.
 */
final class Readiness implements ApplicationListener<GrpcServerShutdownEvent> {
    private static final String MODEL = "longspan.model.";

    private final HealthStatusManager health;
    private final HealthWatches watches;
    private final SortedSet<String> known = new TreeSet<>();

    Readiness(HealthStatusManager health, HealthWatches watches, ServedModels models) {
        this.health = health;
        this.watches = watches;
        models.watch(this::serving);
        health.setStatus(InferenceGrpc.SERVICE_NAME, ServingStatus.SERVING);
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    }

    /** What is not named any more is NOT_SERVING, since clients may watch it. */
    private synchronized void serving(SortedSet<String> names) {
        SortedSet<String> gone = new TreeSet<>(known);
        gone.removeAll(names);
        gone.forEach(name -> health.setStatus(MODEL + name, ServingStatus.NOT_SERVING));
        names.forEach(name -> health.setStatus(MODEL + name, ServingStatus.SERVING));
        known.addAll(names);
    }

    @Override
    public void onApplicationEvent(GrpcServerShutdownEvent event) {
        health.enterTerminalState();
        watches.end();
    }
}
