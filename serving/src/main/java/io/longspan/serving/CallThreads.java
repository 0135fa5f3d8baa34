package io.longspan.serving;

import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.longspan.api.v1.InferenceGrpc;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads that hand calls to services. Calls of {@code Inference}, which never wait there, have a
 * few of them: with a thread for each call that comes, a load of twice what the models can do wakes
 * dozens, and waking them takes more of the cores than what they do. All other services may wait
 * for the database or for a model to be loaded, and have a thread for each call.
 *
 * <p>Closed after the server.
 */
final class CallThreads implements ServerCallExecutorSupplier, AutoCloseable {
    private static final String FEW = InferenceGrpc.SERVICE_NAME;

    private final ExecutorService few;
    private final ExecutorService many;

    /**
     * Threads.
     *
     * @param waiting calls of {@code Inference} that may wait for the database all the same, since
     *     their keys are not known yet
     */
    CallThreads(int waiting) {
        few =
                Executors.newFixedThreadPool(
                        waiting + Runtime.getRuntime().availableProcessors(),
                        Thread.ofPlatform().name("longspan-call-", 0).daemon().factory());
        many =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("longspan-service-", 0).daemon().factory());
    }

    /** Has a server use them. */
    void serve(ServerBuilder<?> builder) {
        builder.executor(few).callExecutor(this);
    }

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        return FEW.equals(call.getMethodDescriptor().getServiceName()) ? few : many;
    }

    @Override
    public void close() {
        few.shutdown();
        many.shutdown();
    }
}
