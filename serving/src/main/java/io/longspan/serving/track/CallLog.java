package io.longspan.serving.track;

import io.longspan.serving.spool.Spool;
import io.longspan.serving.spool.SpoolFullException;
import io.longspan.store.inference.InferenceEntry;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where ended calls are written. Thread-safe. */
public final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);

    private final Spool spool;
    private final PayloadKeeping keeping;
    private final LongAdder untracked = new LongAdder();

    /** A log over a spool that outlives it, which keeps nothing of what was said. */
    public CallLog(Spool spool) {
        this(spool, PayloadKeeping.NOTHING);
    }

    /** A log that keeps what was said as well. */
    public CallLog(Spool spool, PayloadKeeping keeping) {
        this.spool = spool;
        this.keeping = keeping;
    }

    /** What is kept of calls. */
    PayloadKeeping keeping() {
        return keeping;
    }

    /** Whether another call can be written. */
    boolean hasRoom() {
        return spool.hasRoom();
    }

    /** What a caller is told when there is no room. */
    String full() {
        return String.valueOf(spool.full().getMessage());
    }

    /** Calls that ended without a row, since the spool was full or could not be written. */
    public long untracked() {
        return untracked.sum();
    }

    /** A call was turned away without a row. */
    void countUntracked() {
        untracked.increment();
    }

    /**
     * Writes a row, with what was said where that is kept.
     *
     * @throws SpoolFullException when there is no room; counted as untracked
     */
    void write(InferenceEntry entry) {
        try {
            spool.append(entry);
        } catch (SpoolFullException e) {
            untracked.increment();
            LOG.warn(
                    "inference {} ended {} and has no row: {}",
                    entry.row().id(),
                    entry.row().status(),
                    e.getMessage());
            throw e;
        }
    }
}
