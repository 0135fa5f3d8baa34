package io.longspan.serving.trace;

import io.longspan.serving.ServingException;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends spans to a collector of OTLP over HTTP, from a thread of its own. What the collector does
 * not take in time is dropped; no call waits for it. Closed by whoever opened it.
 */
public final class TraceExport implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int WAITING = 1 << 13;
    private static final int TOGETHER = 512;
    private static final long LAST_SECONDS = 3;
    private static final double ALL = 100;

    private final SdkTracerProvider provider;

    private TraceExport(SdkTracerProvider provider) {
        this.provider = provider;
    }

    /**
     * Opens the way; whether anybody listens shows later, in the log.
     *
     * @param endpoint of the collector, such as {@code http://localhost:4318}
     * @param percent of calls that are followed when their caller says nothing of a trace; a
     *     caller's own choice is kept
     * @param headers that every request to the collector bears, such as its key; never printed
     * @param about the process: resource attributes
     * @throws ServingException when the endpoint is no address or the percentage is out of range
     */
    public static TraceExport open(
            URI endpoint, int percent, Map<String, String> headers, Map<String, String> about) {
        if (percent < 0 || percent > ALL) {
            throw new ServingException(
                    "longspan.serve.otlp.percent is " + percent + "; it must be from 0 to 100");
        }
        var resource = Resource.getDefault().toBuilder();
        about.forEach(resource::put);
        String url = path(endpoint, "v1/traces");
        return new TraceExport(
                SdkTracerProvider.builder()
                        .setResource(resource.build())
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(percent / ALL)))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(
                                                new NotedSpans(
                                                        OtlpHttpSpanExporter.builder()
                                                                .setEndpoint(url)
                                                                .setHeaders(() -> headers)
                                                                .setTimeout(PATIENCE)
                                                                .build(),
                                                        new CollectorNotes("spans", url)))
                                        .setScheduleDelay(PAUSE)
                                        .setExporterTimeout(PATIENCE)
                                        .setMaxQueueSize(WAITING)
                                        .setMaxExportBatchSize(TOGETHER)
                                        .build())
                        .build());
    }

    /**
     * A page of a collector.
     *
     * @throws ServingException when the endpoint is no address
     */
    public static String path(URI endpoint, String page) {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (endpoint.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new ServingException(
                    "longspan.serve.otlp.endpoint is '"
                            + endpoint
                            + "'; it must be the address of a collector, such as http://localhost:4318");
        }
        String base = endpoint.toString();
        return base.endsWith("/") ? base + page : base + "/" + page;
    }

    /** What begins spans that go this way. */
    public CallTraces traces() {
        return new CallTraces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    }

    /** Sends what there is, for a few seconds at most, and stops. */
    @Override
    public void close() {
        CompletableResultCode _ = provider.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
    }
}
