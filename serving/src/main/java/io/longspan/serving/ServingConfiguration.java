package io.longspan.serving;

import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.longspan.serving.access.AccessConfiguration;
import io.longspan.serving.model.ModelRoots;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.observe.ObserveConfiguration;
import io.longspan.serving.service.BackendsService;
import io.longspan.serving.service.InferenceService;
import io.longspan.serving.service.InferencesService;
import io.longspan.serving.service.Intake;
import io.longspan.serving.service.ModelsService;
import io.longspan.serving.service.PriorityInterceptor;
import io.longspan.serving.service.StatusInterceptor;
import io.longspan.serving.service.Timeouts;
import io.longspan.serving.spool.Spool;
import io.longspan.serving.spool.SpoolDrainer;
import io.longspan.serving.trace.CallTraces;
import io.longspan.serving.trace.TraceExport;
import io.longspan.serving.track.CallLog;
import io.longspan.serving.track.CallTracer;
import io.longspan.serving.track.PayloadKeeping;
import io.longspan.serving.track.RawService;
import io.longspan.serving.track.Retention;
import io.longspan.serving.track.TrackingInterceptor;
import io.longspan.store.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * The gRPC server as beans, for a Boot application with autoconfiguration. Expects the beans {@link
 * Store}, {@link ServingSettings} and {@link BackendChoice}; {@link
 * io.longspan.serving.access.AccessSettings} where the default ones do not do.
 *
 * <p>Models are open, registered and warm before the port opens. A stop takes no more calls, lets
 * those under way finish, moves the spool to the database as far as it goes, and closes models and
 * backends; the store is closed by whoever opened it.
 */
@Configuration(proxyBeanMethods = false)
@Import({ServingDefaults.class, AccessConfiguration.class, ObserveConfiguration.class})
public class ServingConfiguration {
    /** Outside of whatever decides the status. */
    private static final int TRACKING = 50;

    private static final int STATUS = 100;

    private static final int TIMEOUTS = 110;

    private static final int PRIORITY = 200;

    private static final int WATCHES = 210;

    @Bean
    Spool inferenceSpool(ServingSettings settings) {
        return Spool.open(settings.spool(), settings.spoolBytes());
    }

    @Bean
    SpoolDrainer inferenceSpoolDrainer(Spool spool, Store store) {
        return SpoolDrainer.start(spool, store.inferences()::addEntries);
    }

    /** Old rows stay unless {@code longspan.serve.keep-days} says for how long. */
    @Bean
    @ConditionalOnProperty("longspan.serve.keep-days")
    Retention inferenceRetention(Store store, Environment environment) {
        return Retention.start(
                store.inferences()::forget,
                Duration.ofDays(
                        environment.getRequiredProperty("longspan.serve.keep-days", Integer.class)),
                InstantSource.system(),
                "inferences were too old");
    }

    @Bean
    CallLog callLog(Spool spool, PayloadKeeping payloads) {
        return new CallLog(spool, payloads);
    }

    /** Nothing is kept of what was said unless somebody says for how long. */
    @Bean
    PayloadKeeping payloadKeeping(Environment environment) {
        Optional<Integer> days =
                Optional.ofNullable(
                        environment.getProperty(
                                "longspan.serve.payloads.keep-days", Integer.class));
        return days.map(d ->
                        PayloadKeeping.of(
                                d,
                                environment.getProperty(
                                        "longspan.serve.payloads.size",
                                        Integer.class,
                                        PayloadKeeping.DEFAULT_KIBIBYTES)))
                .orElse(PayloadKeeping.NOTHING);
    }

    /** Also where nothing is kept any more: what was kept before ends all the same. */
    @Bean
    Retention payloadRetention(Store store) {
        return Retention.start(
                store.payloads()::forget,
                Duration.ZERO,
                InstantSource.system(),
                "payloads of inferences had reached their end");
    }

    @Bean
    ServedModels servedModels(ServingSettings settings, BackendChoice backends, Store store) {
        return ServedModels.open(settings, backends, store.models());
    }

    /** Ends before what its work uses. */
    @Bean
    @DependsOn({"servedModels", "inferenceSpoolDrainer"})
    Intake intake(ServedModels models, ServingSettings settings) {
        return new Intake(models, settings.schedule());
    }

    @Bean
    RawService inferenceService(Intake intake) {
        return new RawService(new InferenceService(intake));
    }

    @Bean
    RawService modelsService(
            ServedModels models,
            ServingSettings settings,
            @Qualifier(AccessConfiguration.AUDIT) ServerInterceptor audit) {
        return new RawService(new ModelsService(models, new ModelRoots(settings.roots())), audit);
    }

    @Bean
    RawService backendsService(ServedModels models) {
        return new RawService(new BackendsService(models));
    }

    @Bean
    RawService inferencesService(
            Store store,
            SpoolDrainer drainer,
            @Qualifier(AccessConfiguration.AUDIT) ServerInterceptor audit) {
        return new RawService(
                new InferencesService(store.inferences(), store.payloads(), drainer), audit);
    }

    @Bean
    CallThreads callThreads() {
        return new CallThreads(AccessConfiguration.UNKNOWN_KEYS);
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> callThreading(CallThreads threads) {
        return threads::serve;
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> callTracing(
            CallLog log, ObjectProvider<TraceExport> export) {
        CallTraces traces =
                export.stream().findFirst().map(TraceExport::traces).orElse(CallTraces.OFF);
        return builder -> builder.addStreamTracerFactory(new CallTracer(log, traces));
    }

    @Bean
    @GlobalServerInterceptor
    @Order(TRACKING)
    TrackingInterceptor trackingInterceptor(CallLog log) {
        return new TrackingInterceptor(log);
    }

    @Bean
    @GlobalServerInterceptor
    @Order(STATUS)
    StatusInterceptor statusInterceptor() {
        return new StatusInterceptor();
    }

    @Bean
    @GlobalServerInterceptor
    @Order(TIMEOUTS)
    Timeouts timeouts() {
        return new Timeouts();
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> timeoutTracing(Timeouts timeouts) {
        return builder -> builder.addStreamTracerFactory(timeouts);
    }

    @Bean
    @GlobalServerInterceptor
    @Order(PRIORITY)
    PriorityInterceptor priorityInterceptor() {
        return new PriorityInterceptor();
    }

    @Bean
    ServingStatus servingStatus(ServedModels models) {
        return new ServingStatus(models);
    }

    @Bean
    @GlobalServerInterceptor
    @Order(WATCHES)
    HealthWatches healthWatches() {
        return new HealthWatches();
    }

    @Bean
    Readiness readiness(HealthStatusManager health, HealthWatches watches, ServedModels models) {
        return new Readiness(health, watches, models);
    }

    @Bean
    MeterBinder servingMeters(Intake intake, Spool spool, CallLog log) {
        return registry -> {
            Gauge.builder("longspan.inference.waiting", intake, Intake::waiting)
                    .description("Requests that wait for a model")
                    .register(registry);
            Gauge.builder("longspan.inference.spool", spool, Spool::backlog)
                    .description("Bytes of rows that wait for the database")
                    .baseUnit("bytes")
                    .register(registry);
            FunctionCounter.builder("longspan.inference.untracked", log, CallLog::untracked)
                    .description("Calls that ended without a row")
                    .register(registry);
        };
    }
}
