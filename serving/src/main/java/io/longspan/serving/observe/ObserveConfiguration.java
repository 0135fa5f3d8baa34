package io.longspan.serving.observe;

import io.grpc.BindableService;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.util.function.SingletonSupplier;

/**
 * What operators see, as beans. {@code longspan.serve.metrics.port} opens the endpoint, on loopback
 * unless {@code longspan.serve.metrics.address} is another; {@code longspan.serve.log-calls=true}
 * writes a line per call.
 */
@Configuration(proxyBeanMethods = false)
public class ObserveConfiguration {
    /** Outside of tracking. */
    private static final int LINES = 40;

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> callCounts(
            MeterRegistry registry, ObjectProvider<BindableService> services) {
        Supplier<Set<String>> served =
                SingletonSupplier.of(() ->
                        services.stream()
                                .flatMap(service -> service.bindService().getMethods().stream())
                                .map(method -> method.getMethodDescriptor().getFullMethodName())
                                .collect(Collectors.toUnmodifiableSet()));
        return builder -> builder.addStreamTracerFactory(new CallCounts(registry, served));
    }

    @Bean
    TakesCalls takesCalls() {
        return new TakesCalls();
    }

    @Bean
    @ConditionalOnProperty("longspan.serve.metrics.port")
    OperationsEndpoint operationsEndpoint(
            PrometheusMeterRegistry registry, TakesCalls ready, Environment environment) {
        return OperationsEndpoint.start(
                new InetSocketAddress(
                        environment.getProperty("longspan.serve.metrics.address", "127.0.0.1"),
                        environment.getRequiredProperty(
                                "longspan.serve.metrics.port", Integer.class)),
                registry,
                ready);
    }

    @Bean
    @ConditionalOnProperty("longspan.serve.log-calls")
    @GlobalServerInterceptor
    @Order(LINES)
    CallLines callLines() {
        return new CallLines();
    }
}
