package io.longspan.store.work;

/** What a handler says and asks while it works. Thread-safe, cheap enough to be called often. */
public interface WorkContext {
    /**
     * Says how far the work is; the next heartbeat carries it to the store.
     *
     * @param done units done
     * @param total units in all; 0 while unknown
     * @param note what is being done now, one line
     */
    void progress(long done, long total, String note);

    /**
     * Whether to end at the next good moment with {@link WorkEnd.Stopped}: somebody asked for it,
     * this worker is closing, or the request is lost.
     */
    boolean stopRequested();

    /**
     * Whether another worker has the request now: end at once and publish nothing more. What the
     * handler returns is thrown away.
     */
    boolean lost();
}
