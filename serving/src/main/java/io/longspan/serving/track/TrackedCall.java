package io.longspan.serving.track;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.longspan.model.Quoted;
import io.longspan.serving.spool.SpoolFullException;
import io.longspan.store.inference.InferenceRow;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call of the {@code Inference} service so far. Whoever works on the call fills
 * it in; it is read once, when the call ends. Thread-safe.
 */
public final class TrackedCall {
    /** The call that the current thread works on. */
    static final Context.Key<TrackedCall> CURRENT = Context.key("longspan-tracked-call");

    /** Who calls where no key is asked for. */
    private static final String ANONYMOUS = "anonymous";

    /**
     * A client's own timer and the server's go off at the same time, give or take this; which of
     * the two ends the stream says nothing about what the client received.
     */
    private static final long TIMERS_DIFFER_MILLIS = 20;

    private static final int LONGEST_MESSAGE = 2000;

    private final CallLog log;
    private final UUID id;
    private final Instant at;
    private final String method;
    private final long begin = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Deadline deadline;
    private volatile String model = "";
    private volatile String modelVersion = "";
    private volatile String backend = "";
    private volatile String backendVersion = "";
    private volatile String precision = "";
    private volatile int tokens;
    private volatile long tokenizeNanos;
    private volatile long queueNanos;
    private volatile long computeNanos;
    private volatile int batchSize;
    private volatile String payloadDigest = "";

    TrackedCall(CallLog log, UUID id, Instant at, String method) {
        this.log = log;
        this.id = id;
        this.at = at;
        this.method = method;
    }

    /**
     * The call that the current thread works on.
     *
     * @throws IllegalStateException outside of a call of the {@code Inference} service
     */
    public static TrackedCall current() {
        TrackedCall call = CURRENT.get();
        if (call == null) {
            throw new IllegalStateException("no tracked call; the call tracer is not installed");
        }
        return call;
    }

    /** Identity of the row. */
    public UUID id() {
        return id;
    }

    void deadline(@Nullable Deadline given) {
        deadline = given;
    }

    void payloadDigest(String digest) {
        payloadDigest = digest;
    }

    /** What the caller asked for, before it is looked up. */
    public void asked(String name, String version) {
        model = Quoted.plain(name);
        modelVersion = Quoted.plain(version);
    }

    /** Which backend will run, in which arithmetic. */
    public void runsOn(String name, String version, String arithmetic) {
        backend = name;
        backendVersion = version;
        precision = arithmetic;
    }

    /** The text was tokenised. */
    public void tokenized(int count, long nanos) {
        tokens = count;
        tokenizeNanos = nanos;
    }

    /** What tokenising took. */
    public long tokenizeNanos() {
        return tokenizeNanos;
    }

    /** The request has left the queue. */
    public void queued(long nanos) {
        queueNanos = nanos;
    }

    /** The model has run. */
    public void computed(int requestsInBatch, long nanos) {
        batchSize = requestsInBatch;
        computeNanos = nanos;
    }

    /**
     * Writes the row, before the status goes out. A second end changes nothing.
     *
     * @return the status to send: the given one, or UNAVAILABLE when the row cannot be written
     */
    Status end(Status status) {
        if (!ended.compareAndSet(false, true)) {
            return status;
        }
        try {
            log.write(row(status));
            return status;
        } catch (SpoolFullException e) {
            return Status.UNAVAILABLE.withDescription(e.getMessage());
        }
    }

    /** The stream has ended, and whatever the client received, nobody can change it any more. */
    void endedBy(Status status) {
        Deadline given = deadline;
        boolean timer =
                status.getCode() == Status.Code.CANCELLED
                        && given != null
                        && given.timeRemaining(TimeUnit.MILLISECONDS) <= TIMERS_DIFFER_MILLIS;
        end(timer ? Status.DEADLINE_EXCEEDED.withDescription("the deadline has passed") : status);
    }

    /** The call was turned away without a row. */
    void leaveOut() {
        if (ended.compareAndSet(false, true)) {
            log.countUntracked();
        }
    }

    private InferenceRow row(Status status) {
        String said = status.getDescription();
        return new InferenceRow(
                id,
                at,
                ANONYMOUS,
                Quoted.plain(method),
                model,
                modelVersion,
                backend,
                backendVersion,
                precision,
                tokens,
                tokenizeNanos,
                queueNanos,
                computeNanos,
                System.nanoTime() - begin,
                batchSize,
                status.getCode().name(),
                said == null || status.isOk() ? "" : storable(said),
                payloadDigest);
    }

    /** PostgreSQL stores no NUL, and a message of somebody else's may be of any length. */
    private static String storable(String said) {
        String cut = said.length() > LONGEST_MESSAGE ? said.substring(0, LONGEST_MESSAGE) : said;
        return cut.replace('\0', ' ');
    }
}
