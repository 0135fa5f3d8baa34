package io.longspan.serving.track;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.longspan.model.Quoted;
import io.longspan.serving.schedule.Job;
import io.longspan.serving.spool.SpoolFullException;
import io.longspan.serving.trace.BatchSpan;
import io.longspan.serving.trace.CallSpan;
import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferenceRow;
import io.opentelemetry.api.common.Attributes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call of the {@code Inference} service so far. Whoever works on the call fills
 * it in; it is read once, when the call ends. Thread-safe.
 */
public final class TrackedCall {
    /** The call that the current thread works on. */
    static final Context.Key<TrackedCall> CURRENT = Context.key("longspan-tracked-call");

    /** Who calls where no key is asked for. */
    static final String ANONYMOUS = "anonymous";

    /**
     * A client's own timer and the server's go off at the same time, give or take this; which of
     * the two ends the stream says nothing about what the client received.
     */
    private static final long TIMERS_DIFFER_MILLIS = 20;

    private static final long NEVER = Long.MAX_VALUE / 4;
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
    private volatile int priority = Job.USUAL;
    private volatile String caller = ANONYMOUS;
    private volatile String peer = "";
    private volatile IntConsumer meter = _ -> {};
    private long lastBatch;
    private long answerBegin;
    private volatile String payloadDigest = "";

    private final Messages requests;
    private final Messages answers;
    private final String trace;
    private final CallSpan span;

    TrackedCall(CallLog log, UUID id, Instant at, String method, String trace, CallSpan span) {
        this.log = log;
        this.trace = trace;
        this.span = span;
        requests = new Messages(log.keeping().mostBytes());
        answers = new Messages(log.keeping().mostBytes());
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

    /** Whether the current thread works on such a call. */
    public static boolean isTracked() {
        return CURRENT.get() != null;
    }

    /** Identity of the row. */
    public UUID id() {
        return id;
    }

    void deadline(@Nullable Deadline given) {
        deadline = given;
    }

    /** Where the call comes from: an address and a port. */
    void peer(String address) {
        peer = address;
    }

    /** Who calls, once somebody has found out. */
    void caller(String name) {
        caller = name;
    }

    /** Who calls, as far as somebody has found out. */
    public String caller() {
        return caller;
    }

    /**
     * Whose turn the call uses: the caller's, or the connection's while nobody knows the caller.
     */
    public String turn() {
        return caller.equals(ANONYMOUS) ? peer : caller;
    }

    /** How urgent it is, see {@link Job}. */
    public void priority(int level) {
        priority = level;
    }

    /** How urgent it is. */
    public int priority() {
        return priority;
    }

    /** Moment of {@link System#nanoTime} from which on nobody wants an answer; far off if none. */
    public long deadlineNanos() {
        Deadline given = deadline;
        return System.nanoTime()
                + (given == null ? NEVER : given.timeRemaining(TimeUnit.NANOSECONDS));
    }

    /** A message of the caller. */
    void asked(byte[] message) {
        requests.add(message);
    }

    /** A message to the caller. */
    void answered(byte[] message) {
        answers.add(message);
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

    /**
     * Counts the tokens of texts before they are queued.
     *
     * @param spend given the tokens of each; throws what is to become of a text that is too much
     */
    public void meter(IntConsumer spend) {
        meter = spend;
    }

    /** A text was tokenised; a call with several counts them all. */
    public synchronized void tokenized(int count, long nanos) {
        meter.accept(count);
        tokens += count;
        tokenizeNanos += nanos;
        long now = System.nanoTime();
        span.part("tokenize", now - nanos, now);
    }

    /**
     * A question has left the queue; of several, the one that waited longest counts.
     *
     * @param since when it came into the queue, by {@link System#nanoTime}
     * @param until when it left
     */
    public synchronized void queued(long since, long until) {
        queueNanos = Math.max(queueNanos, until - since);
        span.part("queue", since, until);
    }

    /** What those who follow the call see of it. */
    public CallSpan span() {
        return span;
    }

    /**
     * The model has run. A batch that answers several questions of the call counts once.
     *
     * @param begin identity of the batch: when it began
     * @param batch what those who follow the call see of the batch
     */
    public synchronized void computed(
            long begin, int requestsInBatch, long nanos, BatchSpan batch) {
        batchSize = Math.max(batchSize, requestsInBatch);
        if (begin != lastBatch) {
            computeNanos += nanos;
            answerBegin = begin + nanos;
            span.ran(begin, answerBegin, batch);
        }
        lastBatch = begin;
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
            log.write(new InferenceEntry(row(status), payload()));
            endSpan(status);
            return status;
        } catch (SpoolFullException e) {
            Status full = Status.UNAVAILABLE.withDescription(e.getMessage());
            endSpan(full);
            return full;
        }
    }

    private synchronized void endSpan(Status status) {
        if (span == CallSpan.NONE) {
            return;
        }
        if (answerBegin != 0) {
            span.part("answer", answerBegin, System.nanoTime());
        }
        span.end(
                status.getCode().name(),
                status.isOk(),
                Attributes.builder()
                        .put("longspan.inference.id", id.toString())
                        .put("longspan.model", model)
                        .put("longspan.model.version", modelVersion)
                        .put("longspan.backend", backend)
                        .put("longspan.tokens", tokens)
                        .put("longspan.batch.size", batchSize)
                        .build());
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
            endSpan(Status.UNAVAILABLE);
        }
    }

    private Optional<InferencePayload> payload() {
        if (!log.keeping().isOn() || requests.size() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new InferencePayload(
                        ByteBuffer.wrap(requests.kept()),
                        requests.size(),
                        ByteBuffer.wrap(answers.kept()),
                        answers.size(),
                        at.plus(log.keeping().age())));
    }

    private InferenceRow row(Status status) {
        String said = status.getDescription();
        return new InferenceRow(
                id,
                at,
                caller,
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
                payloadDigest,
                trace);
    }

    /** PostgreSQL stores no NUL, and a message of somebody else's may be of any length. */
    private static String storable(String said) {
        String cut = said.length() > LONGEST_MESSAGE ? said.substring(0, LONGEST_MESSAGE) : said;
        return cut.replace('\0', ' ');
    }
}
