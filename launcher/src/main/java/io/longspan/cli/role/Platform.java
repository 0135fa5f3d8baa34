package io.longspan.cli.role;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.model.ModelInputException;
import io.longspan.store.Store;
import io.longspan.store.work.WorkHandler;
import io.longspan.store.work.Worker;
import io.longspan.store.work.WorkerSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of the platform: some of gRPC server, worker and console, over one store that stays
 * the caller's. Whoever started it closes it; closing takes no more work, lets running calls
 * finish, and gives running work back to the queue.
 */
public final class Platform implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SCHEDULES = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Closed from the last to the first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private @Nullable Servers servers;

    private Platform() {}

    /**
     * Starts the roles of the settings.
     *
     * @param version of Longspan, for the node's row
     * @throws PlatformStartException saying in one sentence why one of them cannot start
     */
    public static Platform start(PlatformSettings settings, Store store, String version) {
        Platform platform = new Platform();
        try {
            platform.open(settings, store, version);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
        return platform;
    }

    private void open(PlatformSettings settings, Store store, String version) {
        BackendChooser backends = new BackendChooser(settings.attention());
        parts.push(backends);
        if (settings.roles().contains(Role.SERVE) || settings.roles().contains(Role.ADMIN)) {
            servers = Servers.start(settings, store, backends);
            parts.push(servers);
        }
        if (settings.roles().contains(Role.WORKER)) {
            parts.push(startWorker(settings, store, backends));
            parts.push(SchedulePoller.start(store.schedules(), SCHEDULES));
        }
        parts.push(
                Node.start(store.nodes(), settings.roles(), version, address(), backends.report()));
    }

    private static Worker startWorker(
            PlatformSettings settings, Store store, BackendChooser backends) {
        List<WorkHandler> handlers =
                List.of(
                        new IngestHandler(
                                store, settings.ingestThreads(), settings.parquetMebibytes()),
                        new TrainHandler(store, backends));
        Worker worker = new Worker(store.work(), workerSettings(settings.dead()), handlers);
        Thread.ofPlatform().name("worker").start(worker);
        return worker;
    }

    private static WorkerSettings workerSettings(Duration dead) {
        String name =
                Node.host()
                        + "-"
                        + ProcessHandle.current().pid()
                        + "-"
                        + UUID.randomUUID().toString().substring(0, 8);
        return new WorkerSettings(
                name,
                POLL,
                dead.dividedBy(6),
                dead,
                PATIENCE,
                Set.of(
                        ModelInputException.class,
                        AttentionConfigurationException.class,
                        UnsupportedWorkloadException.class));
    }

    private String address() {
        return Stream.concat(target().map(t -> "grpc " + t).stream(), console().stream())
                .collect(Collectors.joining(", "));
    }

    /** Where clients reach the gRPC server, if it runs. */
    public Optional<String> target() {
        return Optional.ofNullable(servers).flatMap(Servers::target);
    }

    /** Where a browser finds the console, if it runs. */
    public Optional<String> console() {
        return Optional.ofNullable(servers).flatMap(Servers::console);
    }

    /** The password of the console's user {@code admin}, if it was made up just now. */
    public Optional<String> initialPassword() {
        return Optional.ofNullable(servers).flatMap(Servers::initialPassword);
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            } catch (Exception e) {
                throw new IllegalStateException("a part of the platform cannot be closed", e);
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
