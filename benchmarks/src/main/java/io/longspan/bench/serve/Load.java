package io.longspan.bench.serve;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ModelRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Sends requests for vectors from some callers, each on a connection of its own. */
final class Load implements AutoCloseable {
    private static final int ANSWERED = 0;
    private static final int REFUSED = 1;
    private static final int LATE = 2;
    private static final int FAILED = 3;
    private static final int KINDS = 4;
    private static final double SECOND = 1e9;
    private static final long MICRO = 1000;
    private static final long BACK_OFF = 10_000_000;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final String model;
    private final int most;

    Load(String target, String model, int most, int callers) {
        this.model = model;
        this.most = most;
        int colon = target.lastIndexOf(':');
        for (int c = 0; c < callers; c++) {
            channels.add(
                    Grpc.newChannelBuilderForAddress(
                                    target.substring(0, colon),
                                    Integer.parseInt(target.substring(colon + 1)),
                                    InsecureChannelCredentials.create())
                            .directExecutor()
                            .build());
        }
    }

    /** One measurement; times in nanoseconds of {@link System#nanoTime}. */
    private final class Run {
        private final long from;
        private final long to;
        private final long deadline;
        private final AtomicLongArray counts = new AtomicLongArray(KINDS);
        private final DoubleAdder tokens = new DoubleAdder();
        private final AtomicInteger open = new AtomicInteger();
        private final LoadTimes times = LoadTimes.empty();

        Run(double warm, double seconds, double deadline) {
            from = System.nanoTime() + (long) (warm * SECOND);
            to = from + (long) (seconds * SECOND);
            this.deadline = (long) (deadline * SECOND);
        }

        /**
         * Sends a request.
         *
         * @param due when it was to be sent; its deadline and its latency count from there
         * @param then hears when it has ended
         */
        void send(Channel channel, int tokens, long due, LongConsumer then) {
            open.incrementAndGet();
            long sent = System.nanoTime();
            if (isCounted(due)) {
                times.sent(sent - due);
            }
            InferenceGrpc.newStub(channel)
                    .withDeadlineAfter(Math.max(0, due + deadline - sent), TimeUnit.NANOSECONDS)
                    .embed(
                            EmbedRequest.newBuilder()
                                    .setModel(ModelRef.newBuilder().setName(model))
                                    .setText(TextLengths.text(tokens))
                                    .build(),
                            new StreamObserver<>() {
                                @Override
                                public void onNext(EmbedResponse answer) {
                                    answered(due, answer);
                                }

                                @Override
                                public void onError(Throwable problem) {
                                    failed(due, Status.fromThrowable(problem).getCode());
                                    ended(System.nanoTime() + BACK_OFF);
                                }

                                @Override
                                public void onCompleted() {
                                    ended(System.nanoTime());
                                }

                                private void ended(long next) {
                                    then.accept(next);
                                    open.decrementAndGet();
                                }
                            });
        }

        private boolean isCounted(long time) {
            return time - from >= 0 && to - time > 0;
        }

        private void answered(long due, EmbedResponse answer) {
            long now = System.nanoTime();
            if (isCounted(now)) {
                counts.incrementAndGet(ANSWERED);
            }
            tokens.add(answer.getCall().getTokens() * inside(now, answer.getCall()));
            if (isCounted(due)) {
                times.answered(now - due, answer.getCall());
            }
        }

        /**
         * The part of an answer's time in the model that was in the time that counts: where a batch
         * takes seconds, what is in at the beginning and what is not at the end would be of batches
         * that are counted whole or not at all.
         */
        private double inside(long now, CallInfo call) {
            long took =
                    call.getComputeTime().getSeconds() * (long) SECOND
                            + call.getComputeTime().getNanos();
            if (took <= 0) {
                return isCounted(now) ? 1 : 0;
            }
            long begin = Math.max(0, now - took - from);
            long end = Math.min(to - from, now - from);
            return Math.max(0, end - begin) / (double) took;
        }

        private void failed(long due, Status.Code code) {
            if (isCounted(due)) {
                counts.incrementAndGet(
                        switch (code) {
                            case RESOURCE_EXHAUSTED -> REFUSED;
                            case DEADLINE_EXCEEDED -> LATE;
                            default -> FAILED;
                        });
            }
        }

        LoadResult end(double offered) {
            while (open.get() > 0 || System.nanoTime() - to < 0) {
                LockSupport.parkNanos(MICRO * MICRO);
            }
            long[] all = new long[KINDS];
            for (int k = 0; k < KINDS; k++) {
                all[k] = counts.get(k);
            }
            return LoadResult.of(
                    channels.size(),
                    offered,
                    (to - from) / SECOND,
                    all,
                    Math.round(tokens.sum()),
                    times);
        }
    }

    /** Requests at random times, whatever becomes of those before them; callers take turns. */
    LoadResult open(double rate, double warm, double seconds, double deadline, long seed) {
        TextLengths lengths = new TextLengths(seed, most);
        Run run = new Run(warm, seconds, deadline);
        double due = System.nanoTime();
        for (int n = 0; run.to - (long) due > 0; n++) {
            long at = (long) due;
            waitUntil(at);
            run.send(channels.get(n % channels.size()), lengths.next(), at, _ -> {});
            due += lengths.pause(rate) * SECOND;
        }
        return run.end(rate);
    }

    /** Every caller sends its next request when it has an answer, or a moment after a refusal. */
    LoadResult closed(double warm, double seconds, double deadline, long seed)
            throws InterruptedException {
        Run run = new Run(warm, seconds, deadline);
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            ManagedChannel channel = channels.get(c);
            TextLengths lengths = new TextLengths(seed + c, most);
            callers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (long now = System.nanoTime();
                                        run.to - now > 0;
                                        now = System.nanoTime()) {
                                    CompletableFuture<Long> next = new CompletableFuture<>();
                                    run.send(channel, lengths.next(), now, next::complete);
                                    waitUntil(next.join());
                                }
                            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return run.end(0);
    }

    private static void waitUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
