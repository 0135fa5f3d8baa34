package io.longspan.serving.service;

import io.grpc.StatusRuntimeException;
import io.longspan.api.v1.CallInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question whose parts run apart. Answers when the last of them has run; the first that fails
 * fails it, and takes the others out of the line. Thread-safe.
 */
final class Joining<R, A> {
    private final Question<R, A> question;
    private final Asked asked;
    private final Reply<A> whole;
    private final String where;
    private final List<@Nullable Ran<R>> parts = new ArrayList<>();
    private final List<Runnable> queued = new ArrayList<>();
    private int missing;
    private boolean ended;

    /** A part that has run. */
    record Ran<R>(CallInfo info, InferenceWork.Batch batch, R result) {}

    /**
     * A question of more than one part.
     *
     * @param where what is being done, for the log
     */
    Joining(Question<R, A> question, Asked asked, Reply<A> whole, String where) {
        this.question = question;
        this.asked = asked;
        this.whole = whole;
        this.where = where;
        missing = asked.parts().size();
        asked.parts().forEach(_ -> parts.add(null));
    }

    /** Where the answer to a part goes. */
    Reply<Ran<R>> part(int index) {
        return new Part(index);
    }

    /** Keeps what takes a part out of the line again. */
    synchronized void keep(Runnable giveUp) {
        queued.add(giveUp);
    }

    /** Takes all parts out of the line that are still there; those that run are not answered. */
    void giveUp() {
        List<Runnable> all;
        synchronized (this) {
            ended = true;
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

    /** Whether it was the last. */
    private synchronized boolean complete(int index, Ran<R> ran) {
        parts.set(index, ran);
        return --missing == 0 && end();
    }

    private synchronized List<Ran<R>> ran() {
        return parts.stream().<Ran<R>>map(Objects::requireNonNull).toList();
    }

    private void answer() {
        try {
            List<Ran<R>> all = ran();
            R result = question.join(asked, all.stream().map(Ran::result).toList());
            whole.answer(question.answer(info(all), result));
        } catch (RuntimeException | Error e) {
            whole.fail(Statuses.of(e, where).asRuntimeException(Statuses.trailers(e)));
        }
    }

    /** The parts' infos as one; a batch that several parts shared counts once. */
    private CallInfo info(List<Ran<R>> all) {
        CallInfo.Builder info = CallInfos.cut(all.getFirst().info().toBuilder(), asked);
        long queue = 0;
        long compute = 0;
        int requests = 0;
        int tokens = 0;
        Set<Long> batches = new HashSet<>();
        for (Ran<R> part : all) {
            queue = Math.max(queue, Durations.nanos(part.info().getQueueTime()));
            compute += batches.add(part.batch().begin()) ? part.batch().nanos() : 0;
            requests = Math.max(requests, part.batch().requests());
            tokens = Math.max(tokens, part.batch().tokens());
        }
        return info.setTokens(asked.tokens())
                .setQueueTime(Durations.of(queue))
                .setComputeTime(Durations.of(compute))
                .setBatchSize(requests)
                .setBatchTokens(tokens)
                .build();
    }

    private final class Part implements Reply<Ran<R>> {
        private final int index;

        Part(int index) {
            this.index = index;
        }

        @Override
        public boolean isGone() {
            return isEnded() || whole.isGone();
        }

        @Override
        public void answer(Ran<R> ran) {
            if (complete(index, ran)) {
                Joining.this.answer();
            }
        }

        @Override
        public void fail(StatusRuntimeException problem) {
            if (end()) {
                whole.fail(problem);
                giveUp();
            }
        }
    }
}
