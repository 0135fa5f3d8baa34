package io.longspan.serving.observe;

import io.grpc.BindableService;
import io.grpc.netty.NettyServerBuilder;
import io.longspan.serving.trace.CollectorNotes;
import io.longspan.serving.trace.TraceExport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
 * writes a line per call; {@code longspan.serve.otlp.endpoint} names a collector that spans and
 * meters go to, with the headers of {@code longspan.serve.otlp.headers}.
 */
@Configuration(proxyBeanMethods = false)
public class ObserveConfiguration {
    /** Outside of tracking. */
    private static final int LINES = 40;

    private static final String ENDPOINT = "longspan.serve.otlp.endpoint";

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

    /** Ends after the server, whose last calls have spans too. */
    @Bean
    @ConditionalOnProperty(ENDPOINT)
    TraceExport traceExport(Environment environment) {
        return TraceExport.open(
                endpoint(environment),
                environment.getProperty("longspan.serve.otlp.percent", Integer.class, 100),
                headers(environment),
                about());
    }

    /** Beside Prometheus, which is asked; this one tells, once a minute. */
    @Bean
    @ConditionalOnProperty(ENDPOINT)
    OtlpMeterRegistry otlpMeters(Environment environment) {
        String url = TraceExport.path(endpoint(environment), "v1/metrics");
        Map<String, String> about = about();
        Map<String, String> headers = headers(environment);
        return OtlpMeterRegistry.builder(
                        new OtlpConfig() {
                            @Override
                            public @Nullable String get(String key) {
                                return null;
                            }

                            @Override
                            public String url() {
                                return url;
                            }

                            @Override
                            public Map<String, String> headers() {
                                return headers;
                            }

                            @Override
                            public Map<String, String> resourceAttributes() {
                                return about;
                            }
                        })
                .metricsSender(new NotedMeters(new CollectorNotes("meters", url)))
                .build();
    }

    private static Map<String, String> headers(Environment environment) {
        String listed = environment.getProperty(CollectorHeaders.KEY);
        return listed == null ? Map.of() : CollectorHeaders.parse(listed);
    }

    private static URI endpoint(Environment environment) {
        return URI.create(environment.getRequiredProperty(ENDPOINT).strip());
    }

    private static Map<String, String> about() {
        String version = ObserveConfiguration.class.getPackage().getImplementationVersion();
        return Map.of(
                "service.name",
                "longspan",
                "service.version",
                version == null ? "unknown" : version,
                "service.instance.id",
                ManagementFactory.getRuntimeMXBean().getName());
    }

    @Bean
    @ConditionalOnProperty("longspan.serve.log-calls")
    @GlobalServerInterceptor
    @Order(LINES)
    CallLines callLines() {
        return new CallLines();
    }
}
