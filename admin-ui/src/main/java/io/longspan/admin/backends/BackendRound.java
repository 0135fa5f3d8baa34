package io.longspan.admin.backends;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One test of all backends as it goes on. One thread runs it; others may look at it and stop it.
 * What a backend says after the stop is not taken any more.
 */
final class BackendRound {
    private static final Logger LOG = LoggerFactory.getLogger(BackendRound.class);

    private final BackendProbe tester;
    private final Set<String> hanging;
    private BackendCheck check;
    private boolean stopped;
    private boolean broken;

    /**
     * @param first says which backends to test
     * @param hanging names of those to leave out, for a thread of an earlier test is still in them
     */
    BackendRound(BackendProbe tester, BackendCheck first, Set<String> hanging) {
        this.tester = tester;
        this.check = first;
        this.hanging = hanging;
    }

    /** What was found so far. */
    synchronized BackendCheck now() {
        return check;
    }

    /** The backend that is tested, if there is one left. */
    synchronized Optional<String> at() {
        return check.left().stream().findFirst();
    }

    /** Takes nothing more, and lets the thread end at the next place where it looks. */
    synchronized void stop() {
        stopped = true;
    }

    /** Tests until the end, or until it is stopped. */
    void run() {
        boolean whole = false;
        try {
            for (String backend : now().left()) {
                goOn();
                add(tried(backend));
            }
            whole = true;
        } catch (CancellationException e) {
            LOG.debug("a test of backends was stopped", e);
            whole = true;
        } finally {
            broken(!whole);
        }
    }

    private synchronized void broken(boolean itIs) {
        broken = itIs;
    }

    private synchronized void goOn() {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the test of the backends is over");
        }
    }

    /** A backend may fail with anything, errors of native libraries included. */
    private BackendProbe.Found tried(String backend) {
        if (hanging.contains(backend)) {
            return BackendProbe.Found.failed(
                    backend,
                    "Not tested: it has not come back from an earlier test; restart this process to test it again.");
        }
        try {
            return tester.probe(backend, this::goOn);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("attention backend '{}' cannot be tested", backend, e);
            return BackendProbe.Found.failed(backend, String.valueOf(e.getMessage()));
        }
    }

    private synchronized void add(BackendProbe.Found next) {
        if (!stopped) {
            check = with(next, check.note());
        }
    }

    /**
     * What was found, with a note when backends are left.
     *
     * @param limit that the test had
     * @param hangs whether its thread has not come back
     */
    synchronized BackendCheck ended(Duration limit, boolean hangs) {
        if (check.left().isEmpty()) {
            return check;
        }
        String backend = check.left().getFirst();
        if (broken) {
            return with(
                    BackendProbe.Found.failed(backend, "It broke the test off; the log says how."),
                    "The test ended in backend '" + backend + "'" + rest() + ".");
        }
        String time = seconds(limit);
        LOG.warn(
                "the test of the backends ended after {} in '{}', which {}",
                time,
                backend,
                hangs ? "hangs" : "was too slow");
        return with(
                BackendProbe.Found.failed(
                        backend,
                        hangs
                                ? "It did not come back within "
                                        + time
                                        + " and its thread still hangs."
                                : "It was not done when the test's " + time + " were over."),
                "The test timed out after "
                        + time
                        + " in backend '"
                        + backend
                        + "'"
                        + rest()
                        + (hangs
                                ? "; choose another backend, and if it is a plug-in, take it out; then restart this process."
                                : "; test again when the machine is less busy."));
    }

    private String rest() {
        List<String> rest = check.left().subList(1, check.left().size());
        return rest.isEmpty() ? "" : " and left out '" + String.join("', '", rest) + "'";
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private BackendCheck with(BackendProbe.Found next, String note) {
        List<BackendProbe.Found> found = new ArrayList<>(check.found());
        found.add(next);
        return new BackendCheck(
                check.host(),
                check.by(),
                check.begun(),
                check.measured(),
                found,
                check.left().subList(1, check.left().size()),
                note);
    }
}
