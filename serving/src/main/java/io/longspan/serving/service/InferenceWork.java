package io.longspan.serving.service;

import io.grpc.Status;
import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.Lease;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.schedule.Job;
import io.longspan.serving.trace.BatchSpan;
import io.longspan.serving.trace.CallSpan;
import io.longspan.serving.track.TrackedCall;
import java.util.List;

/** One question on its way through a batch. */
final class InferenceWork<R, A> implements Job {
    private final TrackedCall call;
    private final Lease lease;
    private final ServedModel model;
    private final Finish<R, A> finish;
    private final Lot<R> lot;
    private final List<TokenizedText> texts;
    private final int tokens;
    private final long tokenizeNanos;
    private final Reply<A> reply;
    private final long since = System.nanoTime();

    /** Makes the answer of what the model gave. */
    @FunctionalInterface
    interface Finish<R, A> {
        A of(CallInfo info, Batch batch, R result);
    }

    /** Questions that share a batch. */
    record Lot<R>(ServedModel model, Operation<R> operation) {}

    InferenceWork(
            TrackedCall call,
            Lease lease,
            Operation<R> operation,
            List<TokenizedText> texts,
            long tokenizeNanos,
            Finish<R, A> finish,
            Reply<A> reply) {
        this.call = call;
        this.lease = lease;
        model = lease.model();
        this.finish = finish;
        this.texts = texts;
        this.tokenizeNanos = tokenizeNanos;
        this.reply = reply;
        lot = new Lot<>(model, operation);
        tokens = texts.stream().mapToInt(TokenizedText::tokens).sum();
    }

    @Override
    public Lot<R> lot() {
        return lot;
    }

    @Override
    public Object machine() {
        return model;
    }

    @Override
    public int tokens() {
        return tokens;
    }

    @Override
    public String caller() {
        return call.turn();
    }

    @Override
    public int priority() {
        return call.priority();
    }

    @Override
    public long deadlineNanos() {
        return call.deadlineNanos();
    }

    @Override
    public boolean isGone() {
        return reply.isGone();
    }

    /** It was never in the line, or was taken out. */
    void leave() {
        lease.close();
    }

    List<TokenizedText> texts() {
        return texts;
    }

    @Override
    public void late() {
        lease.close();
        reply.fail(
                Status.DEADLINE_EXCEEDED
                        .withDescription("the deadline passes before the model is through")
                        .asRuntimeException());
    }

    /** Whether it is to run: somebody waits for it, and there is time left. */
    boolean begins(long begin) {
        call.queued(since, begin);
        boolean wanted = isWanted(begin);
        if (!wanted) {
            lease.close();
        }
        return wanted;
    }

    private boolean isWanted(long now) {
        if (deadlineNanos() - now <= 0) {
            late();
            return false;
        }
        return !isGone();
    }

    /** Answers. */
    void complete(R result, Batch batch) {
        try {
            call.computed(batch.begin(), batch.requests(), batch.nanos(), batch.span());
            if (isWanted(System.nanoTime())) {
                reply.answer(finish.of(info(batch), batch, result));
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            lease.close();
        }
    }

    /** Says that it failed. An Error too: the caller must not wait for what never comes. */
    void fail(Throwable problem) {
        lease.close();
        reply.fail(
                Statuses.of(problem, "inference " + call.id())
                        .asRuntimeException(Statuses.trailers(problem)));
    }

    /**
     * A batch that has run.
     *
     * @param begin on the clock of nanoseconds
     * @param nanos that it took
     * @param requests in it
     * @param tokens in it
     * @param span what those who follow a call in it see of it
     */
    record Batch(long begin, long nanos, int requests, int tokens, BatchSpan span) {}

    /** What those who follow its call see. */
    CallSpan span() {
        return call.span();
    }

    private CallInfo info(Batch batch) {
        return CallInfos.of(call, model, tokens)
                .setTokenizeTime(Durations.of(tokenizeNanos))
                .setQueueTime(Durations.of(batch.begin() - since))
                .setComputeTime(Durations.of(batch.nanos()))
                .setBatchSize(batch.requests())
                .setBatchTokens(batch.tokens())
                .build();
    }
}
