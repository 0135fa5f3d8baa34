package io.longspan.serving.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A call with a stream of requests and a stream of answers in the same order. A bounded number of
 * requests is under way, and none is read while the client does not read answers; a request that
 * finds the line full waits for the next answer instead of ending the stream. The first request
 * that fails ends it, after the answers of those before it. Thread-safe.
 */
final class StreamCall<Q, A> implements StreamObserver<Q> {
    /** Requests under way at once. */
    private static final int WINDOW = 32;

    private final ServerCallStreamObserver<A> client;
    private final BatchCall.Queueing<Q, A> line;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Deque<Part> unqueued = new ArrayDeque<>();
    private int count;
    private int owed;
    private boolean whole;
    private boolean ended;

    StreamCall(ServerCallStreamObserver<A> client, BatchCall.Queueing<Q, A> line) {
        this.client = client;
        this.line = line;
        client.disableAutoRequest();
        client.setOnCancelHandler(this::giveUp);
        client.setOnReadyHandler(this::readOn);
        client.request(WINDOW);
    }

    @Override
    public synchronized void onNext(Q request) {
        Part part = new Part(count++, request);
        parts.add(part);
        unqueued.add(part);
        queue();
    }

    @Override
    public synchronized void onCompleted() {
        whole = true;
        finish();
    }

    @Override
    public void onError(Throwable problem) {
        giveUp();
    }

    private synchronized void queue() {
        while (!ended && !unqueued.isEmpty()) {
            Part part = unqueued.getFirst();
            try {
                part.giveUp = line.queue(part.request, part);
                unqueued.removeFirst();
            } catch (RuntimeException e) {
                boolean full = Status.fromThrowable(e).getCode() == Status.Code.RESOURCE_EXHAUSTED;
                if (full && unqueued.size() < parts.size()) {
                    return;
                }
                unqueued.clear();
                part.problem = e;
                answered();
                return;
            }
        }
    }

    private synchronized void answered() {
        while (!ended && !parts.isEmpty()) {
            Part first = parts.getFirst();
            RuntimeException problem = first.problem;
            A answer = first.answer;
            if (problem != null) {
                client.onError(BatchCall.Numbered.request(first.index, problem));
                giveUp();
                return;
            }
            if (answer == null) {
                break;
            }
            parts.removeFirst();
            client.onNext(answer);
            owed++;
        }
        readOn();
        finish();
        if (!unqueued.isEmpty()) {
            // Tokenising is no work for a thread that runs models.
            Thread.ofVirtual().name("longspan-stream").start(this::queue);
        }
    }

    private synchronized void readOn() {
        if (!ended && owed > 0 && client.isReady()) {
            client.request(owed);
            owed = 0;
        }
    }

    private synchronized void finish() {
        if (!ended && whole && parts.isEmpty()) {
            ended = true;
            client.onCompleted();
        }
    }

    private synchronized void giveUp() {
        ended = true;
        parts.forEach(part -> part.giveUp.run());
        parts.clear();
        unqueued.clear();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private final class Part implements Reply<A> {
        private final int index;
        private final Q request;
        private Runnable giveUp = () -> {};
        private @Nullable A answer;
        private @Nullable RuntimeException problem;

        Part(int index, Q request) {
            this.index = index;
            this.request = request;
        }

        @Override
        public boolean isGone() {
            return isEnded() || client.isCancelled();
        }

        @Override
        public void answer(A given) {
            synchronized (StreamCall.this) {
                answer = given;
                answered();
            }
        }

        @Override
        public void fail(StatusRuntimeException said) {
            synchronized (StreamCall.this) {
                problem = said;
                answered();
            }
        }
    }
}
