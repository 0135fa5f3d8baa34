package io.longspan.store.work;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** A request that this worker has: what its handler says, and what the store answers. */
final class HeldWork implements WorkContext {
    private static final Logger LOG = LoggerFactory.getLogger(HeldWork.class);

    private final WorkQueue queue;
    private final WorkRow request;
    private volatile Progress progress;
    private volatile boolean asked;
    private volatile boolean closing;
    private volatile boolean lost;
    private boolean away;

    HeldWork(WorkQueue queue, WorkRow request) {
        this.queue = queue;
        this.request = request;
        progress = new Progress(request.done(), request.total(), request.note());
        asked = request.stopRequested();
    }

    @Override
    public void progress(long done, long total, String note) {
        progress = new Progress(done, total, note);
    }

    @Override
    public boolean stopRequested() {
        return asked || closing || lost;
    }

    @Override
    public boolean lost() {
        return lost;
    }

    /** The worker is closing. */
    void close() {
        closing = true;
    }

    /** Whether the handler stopped only because the worker is closing. */
    boolean onlyClosing() {
        return closing && !asked;
    }

    /** Says that the worker lives. Called by one thread at a time; never throws what passes. */
    synchronized void beat() {
        if (lost) {
            return;
        }
        Progress now = progress;
        try {
            Beat answer = queue.beat(request, now.done(), now.total(), now.note());
            if (away) {
                away = false;
                LOG.info("the store answers again; work {} goes on", request.id());
            }
            asked |= answer == Beat.STOP;
            lost = answer == Beat.LOST;
            if (lost) {
                LOG.warn(
                        "work {} was taken from this worker; its results are dropped",
                        request.id());
            }
        } catch (DataAccessException e) {
            if (!away) {
                away = true;
                LOG.warn(
                        "the store does not answer; work {} goes on, and its state will be told later ({})",
                        request.id(),
                        e.getMostSpecificCause().getMessage());
            }
        }
    }

    private record Progress(long done, long total, String note) {}
}
