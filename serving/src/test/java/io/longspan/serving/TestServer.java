package io.longspan.serving;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.longspan.api.LongspanClient;
import io.longspan.serving.access.AccessSettings;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferenceRow;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** A server on a free port of loopback, composed as an application composes it. */
final class TestServer implements AutoCloseable {
    final ConfigurableApplicationContext context;
    final InetSocketAddress address;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ServingConfiguration.class)
    static class Application {}

    TestServer(Store store, ServingSettings settings, BackendChoice backends, String... more) {
        this(store, settings, backends, AccessSettings.defaults(), more);
    }

    TestServer(
            Store store,
            ServingSettings settings,
            BackendChoice backends,
            AccessSettings access,
            String... more) {
        List<String> properties = new ArrayList<>(List.of(more));
        properties.addFirst("spring.main.banner-mode=off");
        properties.add(0, "spring.grpc.server.port=0");
        context =
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .properties(properties.toArray(String[]::new))
                        .initializers((GenericApplicationContext beans) -> {
                            // The store stays the test's.
                            beans.registerBean(
                                    Store.class,
                                    () -> store,
                                    definition -> definition.setDestroyMethodName(""));
                            beans.registerBean(ServingSettings.class, () -> settings);
                            beans.registerBean(BackendChoice.class, () -> backends);
                            beans.registerBean(AccessSettings.class, () -> access);
                        })
                        .run();
        address = context.getBean(ServingStatus.class).address().orElseThrow();
    }

    LongspanClient client() {
        return LongspanClient.connect(context.getBean(ServingStatus.class).target())
                .withDeadline(Duration.ofSeconds(30));
    }

    ManagedChannel channel() {
        return Grpc.newChannelBuilderForAddress(
                        "127.0.0.1", address.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    /** Rows of an id, once there is one. */
    static List<InferenceRow> rows(Store store, String id) throws InterruptedException {
        InferenceFilter filter =
                new InferenceFilter(
                        Optional.of(UUID.fromString(id)), Optional.empty(), Optional.empty(), 10);
        return waitFor(store, filter);
    }

    /** Rows that pass a filter, once there is one; none after ten seconds. */
    static List<InferenceRow> waitFor(Store store, InferenceFilter filter)
            throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            List<InferenceRow> rows = store.inferences().list(filter);
            if (!rows.isEmpty()) {
                return rows;
            }
            Thread.sleep(20);
        }
        return List.of();
    }

    @Override
    public void close() {
        context.close();
    }
}
