package io.longspan.admin.backends;

import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Tests the backends of this process, one test at a time, in a thread of its own. What was found is
 * kept in the audit. Thread-safe.
 */
@Component
public final class BackendChecks implements DisposableBean {
    /** What a finished test is called in the audit. */
    static final String CHECKED = "backends.checked";

    private static final Logger LOG = LoggerFactory.getLogger(BackendChecks.class);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int KEPT = 5;

    private final Store store;
    private final InstantSource clock;
    private final ObjectMapper mapper;
    private final @Nullable BackendProbe probe;
    private final AtomicReference<@Nullable BackendCheck> running = new AtomicReference<>();
    private volatile @Nullable Thread thread;

    BackendChecks(
            Store store,
            InstantSource consoleClock,
            ObjectMapper mapper,
            ObjectProvider<BackendProbe> probe) {
        this.store = store;
        this.clock = consoleClock;
        this.mapper = mapper;
        this.probe = probe.getIfAvailable();
    }

    /** Whether this process can test backends. */
    public boolean possible() {
        return probe != null;
    }

    /** The test that runs now. */
    public Optional<BackendCheck> running() {
        return Optional.ofNullable(running.get());
    }

    /**
     * Begins a test.
     *
     * @throws Refused when one runs, or this process has nothing to test
     */
    void start(String by) {
        BackendProbe tester = probe;
        if (tester == null) {
            throw new Refused("This console has no backends to test.");
        }
        BackendCheck first =
                new BackendCheck(
                        host(),
                        by,
                        clock.instant(),
                        tester.measured(),
                        List.of(),
                        tester.backends(),
                        "");
        if (!running.compareAndSet(null, first)) {
            throw new Refused("A test runs already; wait for its end.");
        }
        thread = Thread.ofPlatform().daemon().name("backend-test").start(() -> run(tester, first));
    }

    private void run(BackendProbe tester, BackendCheck first) {
        BackendCheck now = first;
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            for (String backend : first.left()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (System.nanoTime() > end) {
                    now = noted(now, "the test took longer than " + LONGEST.toSeconds() + " s");
                    break;
                }
                now = with(now, tried(tester, backend));
                running.set(now);
            }
            store.audit()
                    .add(
                            now.by(),
                            CHECKED,
                            now.host(),
                            Optional.of(mapper.writeValueAsString(now)));
        } catch (DataAccessException e) {
            LOG.warn("the database is away; what a test of backends found is lost: {}", now, e);
        } finally {
            running.set(null);
        }
    }

    /** A backend may fail with anything, errors of native libraries included. */
    private static BackendProbe.Found tried(BackendProbe tester, String backend) {
        try {
            return tester.probe(backend);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("attention backend '{}' cannot be tested", backend, e);
            return BackendProbe.Found.failed(backend, String.valueOf(e.getMessage()));
        }
    }

    private static BackendCheck with(BackendCheck check, BackendProbe.Found next) {
        List<BackendProbe.Found> found = new ArrayList<>(check.found());
        found.add(next);
        return new BackendCheck(
                check.host(),
                check.by(),
                check.begun(),
                check.measured(),
                found,
                check.left().subList(1, check.left().size()),
                check.note());
    }

    private static BackendCheck noted(BackendCheck check, String note) {
        return new BackendCheck(
                check.host(),
                check.by(),
                check.begun(),
                check.measured(),
                check.found(),
                check.left(),
                note);
    }

    /** The latest tests of every console of this database, the newest first. */
    public List<BackendCheck> kept() {
        return store
                .auditSearch()
                .page(Optional.empty(), Optional.of(CHECKED), Optional.empty(), KEPT)
                .rows()
                .stream()
                .flatMap(row -> row.detail().flatMap(this::read).stream())
                .toList();
    }

    /** Another version may have written it. */
    private Optional<BackendCheck> read(String json) {
        try {
            return Optional.of(mapper.readValue(json, BackendCheck.class));
        } catch (JacksonException | NullPointerException e) {
            LOG.debug("a test of backends cannot be read: {}", json, e);
            return Optional.empty();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this machine has no name", e);
            return "localhost";
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        Thread last = thread;
        if (last != null) {
            last.interrupt();
            last.join(LONGEST);
        }
    }
}
