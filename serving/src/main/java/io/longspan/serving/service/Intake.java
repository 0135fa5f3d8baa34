package io.longspan.serving.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ModelRef;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.schedule.Scheduler;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.serving.track.TrackedCall;
import java.util.List;

/**
 * The way of a question from the wire into the line: find its model, take a seat, tokenise, queue.
 * Thread-safe. Ends before what its work uses.
 */
public final class Intake implements AutoCloseable {
    private final ServedModels models;
    private final Scheduler<InferenceWork<?, ?>> scheduler;

    /** An intake over models that outlive it. */
    public Intake(ServedModels models, SchedulerSettings settings) {
        this.models = models;
        scheduler = new Scheduler<>(settings, new BatchRunner());
    }

    /** Requests that wait for a model now. */
    public int waiting() {
        return scheduler.waiting();
    }

    ServedModel find(ModelRef asked) {
        TrackedCall call = TrackedCall.current();
        call.asked(asked.getName(), asked.getVersion());
        ServedModel model = models.find(asked.getName(), asked.getVersion());
        call.asked(model.name(), model.version());
        call.runsOn(model.backend().name(), model.backend().version(), model.precision());
        return model;
    }

    /** Answers from the tokenizer, on this thread. */
    <R, A> void answerAtOnce(
            ModelRef asked, TextQuestion<R, A> question, StreamObserver<A> observer) {
        TrackedCall call = TrackedCall.current();
        ServedModel model = find(asked);
        try (Scheduler<?>.Seat _ = scheduler.admit()) {
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
    <R, A> void answer(ServedModel model, Question<R, A> question, StreamObserver<A> observer) {
        // Allowed for every call that gRPC hands to a service.
        ServerCallStreamObserver<A> client = (ServerCallStreamObserver<A>) observer;
        client.setOnCancelHandler(queue(model, question, new UnaryReply<>(client)));
    }

    /**
     * Queues a question.
     *
     * @return takes it out of the line again, if it is still there
     * @throws io.grpc.StatusRuntimeException when it is refused; the reply hears nothing of it
     */
    <R, A> Runnable queue(ServedModel model, Question<R, A> question, Reply<A> reply) {
        TrackedCall call = TrackedCall.current();
        try (Scheduler<InferenceWork<?, ?>>.Seat seat = scheduler.admit()) {
            long begin = System.nanoTime();
            List<TokenizedText> texts = question.tokenize(model.session());
            long nanos = System.nanoTime() - begin;
            call.tokenized(texts.stream().mapToInt(TokenizedText::tokens).sum(), nanos);
            seat.queue(new InferenceWork<>(call, model, question, texts, nanos, reply));
            return seat::giveUp;
        }
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
