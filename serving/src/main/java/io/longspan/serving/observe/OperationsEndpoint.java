package io.longspan.serving.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longspan.serving.ServingException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Meters, life and readiness over HTTP, on the paths where Boot's actuator has them. The JDK's own
 * server: a process that only serves gRPC needs no web framework for three pages. Closed by whoever
 * started it.
 */
public final class OperationsEndpoint implements AutoCloseable {
    private static final String METERS = "/actuator/prometheus";
    private static final String LIVES = "/actuator/health/liveness";
    private static final String READY = "/actuator/health/readiness";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int NOT_READY = 503;
    private static final int BACKLOG = 16;
    private static final int THREADS = 2;

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("operations-", 0).factory());

    private OperationsEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param ready whether calls are taken now
     * @throws ServingException when it cannot listen there
     */
    static OperationsEndpoint start(
            InetSocketAddress address, PrometheusMeterRegistry registry, BooleanSupplier ready) {
        try {
            OperationsEndpoint endpoint =
                    new OperationsEndpoint(HttpServer.create(address, BACKLOG));
            endpoint.server.setExecutor(endpoint.threads);
            endpoint.server.createContext("/", exchange -> answer(exchange, registry, ready));
            endpoint.server.start();
            return endpoint;
        } catch (IOException e) {
            throw new ServingException(
                    "metrics cannot be handed out at '"
                            + address
                            + "' ("
                            + e.getMessage()
                            + "); stop what listens there, or name another longspan.serve.metrics.port");
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void answer(
            HttpExchange exchange, PrometheusMeterRegistry registry, BooleanSupplier ready)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, NOT_ALLOWED, TEXT, "only GET is answered\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case METERS -> meters(exchange, registry);
                case LIVES -> send(exchange, OK, JSON, "{\"status\":\"UP\"}");
                case READY -> {
                    boolean up = ready.getAsBoolean();
                    send(
                            exchange,
                            up ? OK : NOT_READY,
                            JSON,
                            up ? "{\"status\":\"UP\"}" : "{\"status\":\"OUT_OF_SERVICE\"}");
                }
                default ->
                        send(
                                exchange,
                                NOT_FOUND,
                                TEXT,
                                "there are " + METERS + ", " + LIVES + " and " + READY + "\n");
            }
        }
    }

    private static void meters(HttpExchange exchange, PrometheusMeterRegistry registry)
            throws IOException {
        send(exchange, OK, TEXT, registry.scrape(TEXT));
    }

    private static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
