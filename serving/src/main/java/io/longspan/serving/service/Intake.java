package io.longspan.serving.service;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ModelRef;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.Lease;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.schedule.Scheduler;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.serving.track.TrackedCall;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The way of a question from the wire into the line: find its model, take a seat, tokenise, queue.
 * Thread-safe. Ends before what its work uses.
 */
public final class Intake implements AutoCloseable {
    private final ServedModels models;
    private final Scheduler<InferenceWork<?, ?>> scheduler;
    private final ExpectedTokens expected = new ExpectedTokens();

    /** An intake over models that outlive it. */
    public Intake(ServedModels models, SchedulerSettings settings) {
        this.models = models;
        scheduler = new Scheduler<>(settings, new BatchRunner());
    }

    /** Requests that wait for a model now. */
    public int waiting() {
        return scheduler.waiting();
    }

    /** The model that a call asks for, noted in its row. */
    Lease find(TrackedCall call, ModelRef asked) {
        call.asked(asked.getName(), asked.getVersion());
        Lease lease = models.lease(asked.getName(), asked.getVersion());
        ServedModel model = lease.model();
        call.asked(model.name(), model.version());
        call.runsOn(model.backend().name(), model.backend().version(), model.precision());
        return lease;
    }

    /** Answers from the tokenizer, on this thread. */
    <R, A> void answerAtOnce(
            ModelRef asked, TextQuestion<R, A> question, StreamObserver<A> observer) {
        TrackedCall call = TrackedCall.current();
        try (Lease lease = find(call, asked);
                Scheduler<?>.Seat _ = scheduler.admit()) {
            ServedModel model = lease.model();
            long begin = System.nanoTime();
            R result = question.run(model);
            long nanos = System.nanoTime() - begin;
            int tokens = question.tokens(result);
            call.tokenized(tokens, nanos);
            CallInfo.Builder info =
                    CallInfos.of(call, model, tokens).setTokenizeTime(Durations.of(nanos));
            observer.onNext(question.answer(info.build(), model, result));
            observer.onCompleted();
        }
    }

    /** Answers with the next batch that fits. */
    <Q extends MessageLite, R, A> void answer(
            Task<Q, R, A> task, Q request, StreamObserver<A> observer) {
        ServerCallStreamObserver<A> client = server(observer);
        client.setOnCancelHandler(line(task).queue(request, new UnaryReply<>(client)));
    }

    /** Answers with many messages, made of the next batch that fits. */
    <Q extends MessageLite, R, A> void answerMany(
            Task<Q, R, Iterator<A>> task, Q request, StreamObserver<A> observer) {
        ServerCallStreamObserver<A> client = server(observer);
        client.setOnCancelHandler(line(task).queue(request, new ManyReply<>(client)));
    }

    /** Answers all requests at once, each with the next batch that fits. */
    <Q extends MessageLite, R, A, B> void answerAll(
            Task<Q, R, A> task,
            List<Q> requests,
            StreamObserver<B> observer,
            Function<List<A>, B> whole) {
        BatchCall.ask(requests, line(task), server(observer), whole);
    }

    /** Answers requests as they come. */
    <Q extends MessageLite, R, A> StreamObserver<Q> answerEach(
            Task<Q, R, A> task, StreamObserver<A> observer) {
        return new StreamCall<>(server(observer), line(task));
    }

    /** Allowed for every call that gRPC hands to a service. */
    private static <A> ServerCallStreamObserver<A> server(StreamObserver<A> observer) {
        return (ServerCallStreamObserver<A>) observer;
    }

    /** The way into the line for requests of the current call. */
    private <Q extends MessageLite, R, A> BatchCall.Queueing<Q, A> line(Task<Q, R, A> task) {
        TrackedCall call = TrackedCall.current();
        return (request, reply) -> {
            Lease lease = find(call, task.model().apply(request));
            return queue(
                    call,
                    lease,
                    request.getSerializedSize(),
                    task.question().apply(request, lease.model()),
                    reply);
        };
    }

    /**
     * Queues a question. The lease ends here; what was queued has leases of its own.
     *
     * @param bytes of the question
     * @return takes it out of the line again, if it is still there
     * @throws io.grpc.StatusRuntimeException when it is refused; the reply hears nothing of it
     */
    private <R, A> Runnable queue(
            TrackedCall call, Lease model, int bytes, Question<R, A> question, Reply<A> reply) {
        int most = model.model().session().longest();
        try (model;
                Scheduler<InferenceWork<?, ?>>.Seat seat =
                        scheduler.admit(
                                call.priority(),
                                Math.min(most, expected.in(bytes)),
                                call.deadlineNanos())) {
            long begin = System.nanoTime();
            Asked asked = question.tokenize(model.model().session());
            Operation<R> operation = question.operation(asked);
            long nanos = System.nanoTime() - begin;
            expected.were(asked.tokens(), bytes);
            call.tokenized(asked.tokens(), nanos);
            if (asked.parts().size() > 1) {
                Joining<R, A> joining =
                        new Joining<>(question, asked, reply, "inference " + call.id());
                return inParts(
                        joining,
                        asked,
                        (p, part) ->
                                new InferenceWork<>(
                                        call,
                                        model.again(),
                                        operation,
                                        part,
                                        nanos,
                                        Joining.Ran::new,
                                        joining.part(p)),
                        seat);
            }
            return enter(
                    seat,
                    new InferenceWork<>(
                            call,
                            model.again(),
                            operation,
                            asked.parts().getFirst(),
                            nanos,
                            (info, _, result) ->
                                    question.answer(
                                            CallInfos.cut(info.toBuilder(), asked).build(),
                                            question.join(asked, List.of(result))),
                            reply));
        }
    }

    private <R, A> Runnable inParts(
            Joining<R, A> joining,
            Asked asked,
            BiFunction<Integer, List<TokenizedText>, InferenceWork<R, Joining.Ran<R>>> work,
            Scheduler<InferenceWork<?, ?>>.Seat first) {
        boolean all = false;
        try {
            for (int p = 0; p < asked.parts().size(); p++) {
                // A seat that a job has taken over needs no closing; one that it has not is given
                // back.
                try (Scheduler<InferenceWork<?, ?>>.Seat seat =
                        p == 0 ? first : scheduler.admit()) {
                    joining.keep(enter(seat, work.apply(p, asked.parts().get(p))));
                }
            }
            all = true;
            return joining::giveUp;
        } finally {
            if (!all) {
                joining.giveUp();
            }
        }
    }

    private static Runnable enter(
            Scheduler<InferenceWork<?, ?>>.Seat seat, InferenceWork<?, ?> work) {
        boolean queued = false;
        try {
            seat.queue(work);
            queued = true;
        } finally {
            if (!queued) {
                work.leave();
            }
        }
        return () -> {
            if (seat.giveUp()) {
                work.leave();
            }
        };
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
