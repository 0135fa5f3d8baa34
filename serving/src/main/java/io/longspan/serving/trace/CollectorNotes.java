package io.longspan.serving.trace;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of a collector that is away: a line when it goes, one in ten minutes as long as
 * it stays away, and one when it is back. Thread-safe.
 */
public final class CollectorNotes {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorNotes.class);
    private static final long AGAIN = Duration.ofMinutes(10).toNanos();

    private final String what;
    private final String url;
    private final LongSupplier nanos;
    private boolean away;
    private long said;

    /**
     * Notes.
     *
     * @param what is sent, such as {@code spans}
     * @param url that it is sent to
     */
    public CollectorNotes(String what, String url) {
        this(what, url, System::nanoTime);
    }

    CollectorNotes(String what, String url, LongSupplier nanos) {
        this.what = what;
        this.url = url;
        this.nanos = nanos;
    }

    /** It did not take what was sent. */
    public synchronized void failed(String why) {
        long now = nanos.getAsLong();
        if (away && now - said < AGAIN) {
            return;
        }
        away = true;
        said = now;
        LOG.warn("{} do not reach the collector at '{}' and are dropped: {}", what, url, why);
    }

    /** It took what was sent. */
    public synchronized void taken() {
        if (away) {
            away = false;
            LOG.info("the collector at '{}' takes {} again", url, what);
        }
    }
}
