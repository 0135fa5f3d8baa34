package io.longspan.admin.backends;

import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Tests the backends of this process, one test at a time, in threads of their own. What was found
 * is kept in the audit. A backend that never comes back holds its thread, but neither the next test
 * nor the end of the console. Thread-safe.
 */
@Component
public final class BackendChecks implements DisposableBean {
    /** What a finished test is called in the audit. */
    static final String CHECKED = "backends.checked";

    private static final Logger LOG = LoggerFactory.getLogger(BackendChecks.class);
    private static final int KEPT = 5;

    private final Store store;
    private final InstantSource clock;
    private final ObjectMapper mapper;
    private final @Nullable BackendProbe probe;
    private final Limits limits;
    private final AtomicReference<@Nullable BackendRound> running = new AtomicReference<>();

    /** Threads that did not come back from a backend, by its name. */
    private final Map<String, Thread> hanging = new ConcurrentHashMap<>();

    private volatile @Nullable Thread thread;

    /**
     * How long to wait.
     *
     * @param all for a test of all backends
     * @param grace after that, or when the console ends, for a backend to come back
     */
    record Limits(Duration all, Duration grace) {}

    @Autowired
    BackendChecks(
            Store store,
            InstantSource consoleClock,
            ObjectMapper mapper,
            ObjectProvider<BackendProbe> probe) {
        this(
                store,
                consoleClock,
                mapper,
                probe.getIfAvailable(),
                new Limits(Duration.ofMinutes(2), Duration.ofSeconds(2)));
    }

    BackendChecks(
            Store store,
            InstantSource clock,
            ObjectMapper mapper,
            @Nullable BackendProbe probe,
            Limits limits) {
        this.store = store;
        this.clock = clock;
        this.mapper = mapper;
        this.probe = probe;
        this.limits = limits;
    }

    /** Whether this process can test backends. */
    public boolean possible() {
        return probe != null;
    }

    /** The test that runs now. */
    public Optional<BackendCheck> running() {
        return Optional.ofNullable(running.get()).map(BackendRound::now);
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
        hanging.values().removeIf(t -> !t.isAlive());
        BackendRound round =
                new BackendRound(
                        tester,
                        new BackendCheck(
                                host(),
                                by,
                                clock.instant(),
                                tester.measured(),
                                List.of(),
                                tester.backends(),
                                ""),
                        Set.copyOf(hanging.keySet()));
        if (!running.compareAndSet(null, round)) {
            throw new Refused("A test runs already; wait for its end.");
        }
        thread = Thread.ofPlatform().daemon().name("backend-test").start(() -> run(round));
    }

    /** Waits for the test in a thread of its own, for a backend may never come back. */
    private void run(BackendRound round) {
        Thread tests = Thread.ofPlatform().daemon().name("backend-tests").start(round::run);
        try {
            tests.join(limits.all());
            round.stop();
            tests.interrupt();
            tests.join(limits.grace());
            boolean hangs = tests.isAlive();
            if (hangs) {
                round.at().ifPresent(backend -> hanging.put(backend, tests));
            }
            BackendCheck end = round.ended(limits.all(), hangs);
            store.audit()
                    .add(
                            end.by(),
                            CHECKED,
                            end.host(),
                            Optional.of(mapper.writeValueAsString(end)));
        } catch (InterruptedException e) {
            LOG.debug("the console ends before its test of backends", e);
            round.stop();
            tests.interrupt();
        } catch (DataAccessException e) {
            LOG.warn(
                    "the database is away; what a test of backends found is lost: {}",
                    round.now(),
                    e);
        } finally {
            running.set(null);
        }
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
            last.join(limits.grace());
        }
    }
}
