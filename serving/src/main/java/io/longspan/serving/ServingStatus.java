package io.longspan.serving;

import io.longspan.serving.model.ServedModels;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/** What runs where, for whoever composes the server. Thread-safe. */
public final class ServingStatus implements ApplicationListener<GrpcServerStartedEvent> {
    private final ServedModels served;
    private volatile @Nullable InetSocketAddress bound;

    /**
     * A model that is served.
     *
     * @param name under which clients ask for it
     * @param version served
     * @param folder of the checkpoint
     * @param digest SHA-256 of the weights, in hex
     * @param task such as {@code masked-lm}
     * @param maxTokens longest text
     * @param backend attention backend that runs it
     * @param backendVersion its version
     * @param selectionReport how the backend was chosen, as JSON
     */
    public record Model(
            String name,
            String version,
            String folder,
            String digest,
            String task,
            int maxTokens,
            String backend,
            String backendVersion,
            String selectionReport) {}

    ServingStatus(ServedModels served) {
        this.served = served;
    }

    /** The models that are served now, by name. */
    public List<Model> models() {
        return served.all().stream()
                .map(m ->
                        new Model(
                                m.name(),
                                m.version(),
                                m.spec().folder().toString(),
                                m.digest(),
                                m.model().task().key(),
                                m.session().longest(),
                                m.backend().name(),
                                m.backend().version(),
                                m.backend().selectionReport()))
                .toList();
    }

    /** The bound address; empty until the port is open. */
    public Optional<InetSocketAddress> address() {
        return Optional.ofNullable(bound);
    }

    /**
     * The bound address as a client names it, such as {@code 127.0.0.1:9090}.
     *
     * @throws IllegalStateException when the port is not open yet
     */
    public String target() {
        InetSocketAddress address =
                address()
                        .orElseThrow(
                                () -> new IllegalStateException("the gRPC server has not started"));
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    @Override
    public void onApplicationEvent(GrpcServerStartedEvent event) {
        event.getServer().getListenSockets().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .findFirst()
                .ifPresent(address -> bound = address);
    }
}
