package io.longspan.serving.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line of jobs and the few long-lived platform threads that run them in batches. Thread-safe.
 *
 * <p>A machine runs one batch at a time, so jobs gather while it is busy, and the next batch is cut
 * the moment it is free: answers go out beside it, on threads of their own. Only the answer to a
 * single job that nobody waits behind goes out on the thread that ran it, since a change of threads
 * is most of what that answer takes.
 */
public final class Scheduler<J extends Job> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration LAST_RUN = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Function<List<J>, Runnable> runner;
    private final WaitingLine<J> line;
    private final Admission admission;
    private final Set<Object> busy = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService answering;
    private boolean closed;

    /**
     * Starts the threads.
     *
     * @param runner runs a batch of jobs of one lot; what it returns answers each of them, whatever
     *     happened, and needs the machine no more
     */
    public Scheduler(SchedulerSettings settings, Function<List<J>, Runnable> runner) {
        this.runner = runner;
        answering = answering(settings.threads());
        line = new WaitingLine<>(settings);
        admission = new Admission(settings, line);
        for (int t = 0; t < settings.threads(); t++) {
            threads.add(Thread.ofPlatform().name("longspan-batch-" + t).start(this::runBatches));
        }
    }

    /**
     * Answers never queue up: where no thread is free the one that ran the batch answers, and its
     * next batch waits.
     */
    private static ExecutorService answering(int threads) {
        return new ThreadPoolExecutor(
                0,
                threads,
                1,
                TimeUnit.MINUTES,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("longspan-answer-", 0).factory(),
                (answers, _) -> answers.run());
    }

    /** A request's place, from its arrival until its batch is cut. */
    public final class Seat implements AutoCloseable {
        private final int level;
        private boolean taken = true;
        private int expected;
        private @Nullable J queued;

        private Seat(int level, int expected) {
            this.level = level;
            this.expected = expected;
            admission.expect(level, expected);
        }

        /** What was expected is in the line now, or never will be. */
        private void settle() {
            admission.expect(level, -expected);
            expected = 0;
        }

        /**
         * Queues the request's job, which keeps the seat until its batch is cut.
         *
         * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when its tokens do not fit
         *     beside those that wait, or when it cannot be done by its deadline
         */
        public void queue(J job) {
            locked(() -> {
                long now = System.nanoTime();
                settle();
                admission.check(job, now);
                line.add(job, now);
                taken = false;
                queued = job;
                changed.signal();
                return job;
            });
        }

        /**
         * Takes the job out of the line, unless its batch was cut.
         *
         * @return whether it was taken out
         */
        public boolean giveUp() {
            return locked(() -> {
                J job = queued;
                boolean out = job != null && line.remove(job);
                admission.leave(out ? 1 : 0);
                return out;
            });
        }

        /** Leaves the seat, unless a job has taken it over. */
        @Override
        public void close() {
            locked(() -> {
                settle();
                admission.leave(taken ? 1 : 0);
                taken = false;
                return taken;
            });
        }
    }

    /**
     * Lets a request in.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when as many as may wait are
     *     waiting
     */
    public Seat admit() {
        return locked(() -> {
            admission.enter();
            return new Seat(Job.LEAST_URGENT, 0);
        });
    }

    /**
     * Lets a request in that could be done by its deadline. Asked before the request is tokenised:
     * under a load of twice what the models can do, the refused half must not take the cores from
     * the other. What is expected of those that are being tokenised counts as if it waited already,
     * so that many who come at once do not all find room for one.
     *
     * @param expected tokens, about
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when as many as may wait are
     *     waiting, or when what waits already takes longer than the deadline leaves
     */
    public Seat admit(int priority, int expected, long deadlineNanos) {
        return locked(() -> {
            admission.expectedInTime(priority, expected, deadlineNanos, System.nanoTime());
            admission.enter();
            return new Seat(priority, expected);
        });
    }

    /** Jobs that wait for their batch now. */
    public int waiting() {
        return locked(line::size);
    }

    private void runBatches() {
        for (Cut<J> cut = locked(this::next); cut != null; cut = locked(this::next)) {
            cut.late().forEach(Job::late);
            if (!cut.batch().isEmpty()) {
                run(cut);
            }
        }
    }

    private void run(Cut<J> cut) {
        long begin = System.nanoTime();
        Runnable answers = () -> {};
        try {
            answers = runner.apply(cut.batch());
        } catch (RuntimeException | Error e) {
            // The thread must outlive a defect of what it runs.
            LOG.error("a batch of {} requests failed", cut.batch().size(), e);
        }
        long nanos = System.nanoTime() - begin;
        boolean others =
                locked(() -> {
                    busy.remove(cut.batch().getFirst().machine());
                    admission.ends(cut.tokens(), nanos);
                    changed.signalAll();
                    return line.size() > 0;
                });
        Runnable guarded = guarded(answers, cut.batch().size());
        if (others || cut.batch().size() > 1) {
            answering.execute(guarded);
        } else {
            guarded.run();
        }
    }

    private static Runnable guarded(Runnable answers, int jobs) {
        return () -> {
            try {
                answers.run();
            } catch (RuntimeException | Error e) {
                LOG.error("answers of a batch of {} requests failed", jobs, e);
            }
        };
    }

    /** Waits for something to do; null when there never will be. */
    private @Nullable Cut<J> next() {
        while (true) {
            Cut<J> cut = line.cut(System.nanoTime(), busy, admission.pace());
            admission.leave(cut.batch().size() + cut.late().size());
            if (!cut.batch().isEmpty()) {
                busy.add(cut.batch().getFirst().machine());
                admission.begins(cut.tokens());
            }
            if (!cut.batch().isEmpty() || !cut.late().isEmpty()) {
                return cut;
            }
            if (closed && line.size() == 0) {
                return null;
            }
            changed.awaitUninterruptibly();
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs and answers what was queued, and ends the threads. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
            return closed;
        });
        try {
            for (Thread thread : threads) {
                if (!thread.join(LAST_RUN)) {
                    LOG.warn("a batch still runs {} after the stop began", LAST_RUN);
                }
            }
            answering.shutdown();
            if (!answering.awaitTermination(LAST_RUN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("answers still go out {} after the last batch", LAST_RUN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
