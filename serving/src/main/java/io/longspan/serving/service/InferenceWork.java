package io.longspan.serving.service;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.track.TrackedCall;
import java.util.List;

/** One question on its way through the model; runs once, on a compute thread. */
final class InferenceWork<R, A> implements Runnable {
    private final TrackedCall call;
    private final ServedModel model;
    private final Question<R, A> question;
    private final List<TokenizedText> texts;
    private final Context context;
    private final ServerCallStreamObserver<A> client;
    private final long tokenizeNanos;
    private final long since = System.nanoTime();

    InferenceWork(
            TrackedCall call,
            ServedModel model,
            Question<R, A> question,
            List<TokenizedText> texts,
            Context context,
            ServerCallStreamObserver<A> client) {
        this.call = call;
        this.model = model;
        this.question = question;
        this.texts = texts;
        this.context = context;
        this.client = client;
        tokenizeNanos = call.tokenizeNanos();
    }

    @Override
    public void run() {
        try {
            long begin = System.nanoTime();
            call.queued(begin - since);
            if (isGone()) {
                return;
            }
            R result = question.run(model.session(), texts);
            long computeNanos = System.nanoTime() - begin;
            call.computed(1, computeNanos);
            if (!isGone()) {
                client.onNext(question.answer(info(begin - since, computeNanos), result));
                client.onCompleted();
            }
        } catch (RuntimeException | Error e) {
            // An Error too: the caller must not wait for an answer that never comes.
            client.onError(Statuses.of(e, "inference " + call.id()).asRuntimeException());
        }
    }

    /**
     * Whether nobody waits for the answer any more. A passed deadline is said, if still possible.
     */
    private boolean isGone() {
        Deadline deadline = context.getDeadline();
        if (deadline != null && deadline.isExpired()) {
            client.onError(
                    Status.DEADLINE_EXCEEDED
                            .withDescription("the deadline has passed")
                            .asRuntimeException());
            return true;
        }
        return client.isCancelled();
    }

    private CallInfo info(long queueNanos, long computeNanos) {
        return CallInfos.of(call, model, texts.stream().mapToInt(TokenizedText::tokens).sum())
                .setTokenizeTime(Durations.of(tokenizeNanos))
                .setQueueTime(Durations.of(queueNanos))
                .setComputeTime(Durations.of(computeNanos))
                .setBatchSize(1)
                .build();
    }
}
