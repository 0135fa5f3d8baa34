package io.longspan.api;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One bidirectional call of which this thread waits for the end. */
final class StreamExchange<Q, A> implements ClientResponseObserver<Q, A> {
    private final Iterator<Q> requests;
    private final Consumer<A> answers;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<Q> call;
    private boolean whole;

    private StreamExchange(Iterator<Q> requests, Consumer<A> answers) {
        this.requests = requests;
        this.answers = answers;
    }

    /**
     * Sends all requests and hands out all answers.
     *
     * @throws StatusRuntimeException when the stream failed
     * @throws RuntimeException what the source or the receiver threw; the call is cancelled then
     */
    static <Q, A> void run(
            Iterator<Q> requests,
            Consumer<A> answers,
            Function<StreamObserver<A>, StreamObserver<Q>> start) {
        StreamExchange<Q, A> exchange = new StreamExchange<>(requests, answers);
        StreamObserver<Q> _ = start.apply(exchange);
        try {
            exchange.end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("a stream failed", e.getCause());
        } catch (InterruptedException e) {
            exchange.fail(e);
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> started) {
        call = started;
        started.setOnReadyHandler(() -> send(started));
    }

    private void send(ClientCallStreamObserver<Q> started) {
        try {
            while (!whole && started.isReady()) {
                if (requests.hasNext()) {
                    started.onNext(requests.next());
                } else {
                    whole = true;
                    started.onCompleted();
                }
            }
        } catch (RuntimeException e) {
            whole = true;
            fail(e);
        }
    }

    @Override
    public void onNext(A answer) {
        try {
            answers.accept(answer);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Exception problem) {
        end.completeExceptionally(problem);
        ClientCallStreamObserver<Q> started = call;
        if (started != null) {
            started.cancel("the client has given up", problem);
        }
    }

    @Override
    public void onError(Throwable problem) {
        end.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
        end.complete(null);
    }
}
