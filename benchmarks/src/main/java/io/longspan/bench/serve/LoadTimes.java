package io.longspan.bench.serve;

import com.google.protobuf.Duration;
import io.longspan.api.v1.CallInfo;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Times of a load in microseconds. Thread-safe.
 *
 * @param latency from when a request was due to its answer
 * @param overhead of that, what was not spent in the model
 * @param tokenize of that, text to tokens
 * @param queue of that, waiting in the line
 * @param rest of that, everything else
 * @param lag from when a request was due to when it was sent
 */
record LoadTimes(
        ConcurrentHistogram latency,
        ConcurrentHistogram overhead,
        ConcurrentHistogram tokenize,
        ConcurrentHistogram queue,
        ConcurrentHistogram rest,
        ConcurrentHistogram lag) {
    private static final int DIGITS = 3;
    private static final long MICRO = 1000;

    /** None yet. */
    static LoadTimes empty() {
        return new LoadTimes(
                new ConcurrentHistogram(DIGITS),
                new ConcurrentHistogram(DIGITS),
                new ConcurrentHistogram(DIGITS),
                new ConcurrentHistogram(DIGITS),
                new ConcurrentHistogram(DIGITS),
                new ConcurrentHistogram(DIGITS));
    }

    void sent(long nanosLate) {
        lag.recordValue(Math.max(0, nanosLate) / MICRO);
    }

    void answered(long nanos, CallInfo call) {
        long took = nanos / MICRO;
        long beside = took - micros(call.getComputeTime());
        long tokenizing = micros(call.getTokenizeTime());
        long waiting = micros(call.getQueueTime());
        latency.recordValue(took);
        overhead.recordValue(Math.max(0, beside));
        tokenize.recordValue(tokenizing);
        queue.recordValue(waiting);
        rest.recordValue(Math.max(0, beside - tokenizing - waiting));
    }

    private static long micros(Duration time) {
        return TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNanos() / MICRO;
    }
}
