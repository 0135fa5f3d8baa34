package io.longspan.serving.observe;

import java.util.function.BooleanSupplier;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Whether the gRPC server takes calls: from when its port is open, which is after all models are
 * warm, to when a stop begins. Thread-safe.
 */
final class TakesCalls implements ApplicationListener<ApplicationEvent>, BooleanSupplier {
    private volatile boolean open;

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof GrpcServerStartedEvent) {
            open = true;
        } else if (event instanceof GrpcServerShutdownEvent) {
            open = false;
        }
    }

    @Override
    public boolean getAsBoolean() {
        return open;
    }
}
