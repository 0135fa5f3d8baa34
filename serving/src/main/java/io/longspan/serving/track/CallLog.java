package io.longspan.serving.track;

import io.longspan.serving.spool.Spool;
import io.longspan.serving.spool.SpoolFullException;
import io.longspan.store.inference.InferenceRow;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where ended calls are written. Thread-safe. */
public final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);

    private final Spool spool;
    private final LongAdder untracked = new LongAdder();

    /** A log over a spool that outlives it. */
    public CallLog(Spool spool) {
        this.spool = spool;
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
     * Writes a row.
     *
     * @throws SpoolFullException when there is no room; counted as untracked
     */
    void write(InferenceRow row) {
        try {
            spool.append(row);
        } catch (SpoolFullException e) {
            untracked.increment();
            LOG.warn(
                    "inference {} ended {} and has no row: {}",
                    row.id(),
                    row.status(),
                    e.getMessage());
            throw e;
        }
    }
}
