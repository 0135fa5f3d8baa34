package io.longspan.serving.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A call with many requests and one answer, all or nothing. Every request waits and runs on its
 * own, so a large call is cut into as many batches as it needs and others get their turns between
 * them. Thread-safe.
 */
final class BatchCall<A, B> {
    /** Most requests of a call. */
    static final int MOST = 1024;

    private final ServerCallStreamObserver<B> client;
    private final Function<List<A>, B> whole;
    private final List<Runnable> queued = new ArrayList<>();
    private final Object[] answers;
    private int missing;
    private boolean ended;

    /** Queues a request. */
    @FunctionalInterface
    interface Queueing<Q, A> {
        /** Gives what takes it out of the line again. */
        Runnable queue(Q request, Reply<A> reply);
    }

    private BatchCall(ServerCallStreamObserver<B> client, Function<List<A>, B> whole, int count) {
        this.client = client;
        this.whole = whole;
        answers = new Object[count];
        missing = count;
    }

    /**
     * Asks all.
     *
     * @throws StatusRuntimeException when one is refused
     */
    static <Q, A, B> void ask(
            List<Q> requests,
            Queueing<Q, A> line,
            ServerCallStreamObserver<B> client,
            Function<List<A>, B> whole) {
        int count = requests.size();
        if (count < 1 || count > MOST) {
            throw Refused.because(
                    "the number of requests is " + count + "; it must be from 1 to " + MOST);
        }
        BatchCall<A, B> call = new BatchCall<>(client, whole, count);
        client.setOnCancelHandler(call::giveUp);
        for (int r = 0; r < count; r++) {
            try {
                call.keep(line.queue(requests.get(r), call.new Part(r)));
            } catch (RuntimeException e) {
                call.end();
                call.giveUp();
                throw Numbered.request(r, e);
            }
        }
    }

    private synchronized void keep(Runnable giveUp) {
        queued.add(giveUp);
    }

    private void giveUp() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(queued);
        }
        all.forEach(Runnable::run);
    }

    /** Whether it had not ended before. */
    private synchronized boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private synchronized boolean complete(int index, A answer) {
        answers[index] = answer;
        return --missing == 0 && end();
    }

    @SuppressWarnings("unchecked")
    private List<A> answers() {
        return (List<A>) List.of(answers);
    }

    private final class Part implements Reply<A> {
        private final int index;

        Part(int index) {
            this.index = index;
        }

        @Override
        public boolean isGone() {
            return isEnded() || client.isCancelled();
        }

        @Override
        public void answer(A answer) {
            if (complete(index, answer)) {
                client.onNext(whole.apply(answers()));
                client.onCompleted();
            }
        }

        @Override
        public void fail(StatusRuntimeException problem) {
            if (end()) {
                client.onError(Numbered.request(index, problem));
                giveUp();
            }
        }
    }

    /** Says which of many requests was refused. */
    static final class Numbered {
        private Numbered() {}

        /** The same refusal, beginning with the request's number from 0. */
        static StatusRuntimeException request(int index, RuntimeException problem) {
            Status status = Statuses.of(problem, "request " + index);
            String said = "request " + index + ": " + status.getDescription();
            return status.withDescription(said).asRuntimeException(Statuses.trailers(problem));
        }
    }
}
