package io.longspan.bench.serve;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.longspan.api.v1.InferenceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/**
 * What any server could do beside a load on this machine: the model alone, while a second process
 * sends the same load to a server that refuses all of it before it has read it.
 */
public final class MachineLimit {
    private static final double LONG = 60;

    private MachineLimit() {}

    /**
     * Tokens per second of the model.
     *
     * @param rate requests per second
     * @param raw measures the model in this process; run once, for {@code seconds} and a quarter
     */
    public static double tokensPerSecond(
            String model, int longest, double rate, double seconds, long seed, DoubleSupplier raw) {
        Server server = start();
        try (ServeLoadProcess process =
                        new ServeLoadProcess(
                                "127.0.0.1:" + server.getPort(), model, ServeBench.most(longest));
                ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            int all = ServeBenchRequest.MOST_CALLERS;
            process.load(all, rate, 0, Math.max(1, seconds), LONG, seed);
            // Longer than the model's run, its opening and warming up included.
            Future<LoadResult> load =
                    beside.submit(() -> process.load(all, rate, 0, 2 * seconds + 2, LONG, seed));
            double tokens = raw.getAsDouble();
            LoadResult _ = load.get();
            return tokens;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            server.shutdownNow();
        }
    }

    private static Server start() {
        try {
            return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(new InferenceGrpc.InferenceImplBase() {})
                    .intercept(new Refusing())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no port of this machine can be listened on", e);
        }
    }

    private static final class Refusing implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("refused"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
