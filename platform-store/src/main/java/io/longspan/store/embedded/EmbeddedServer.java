package io.longspan.store.embedded;

import io.longspan.store.StoreSettings;
import io.longspan.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server on loopback with its data in a folder, shared by everybody who opens the
 * folder, in this process and in others. The first starts it, the last to close stops it; a server
 * whose users were all killed is found again by the next one. It outlives the process that started
 * it and does not hear the Ctrl-C of its terminal, so a process that is told to end has to close.
 *
 * <p>In the folder: {@code data}, {@code server.log}, {@code password} (for its owner only), {@code
 * lock} and {@code users}. Starts and stops take turns. Thread-safe. Whoever opened it closes it.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration TURN = Duration.ofMinutes(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 50;
    private static final long WRITING_MILLIS = 500;

    private final Path folder;
    private final Path cache;
    private final Users users;
    private final Users.User user;
    private final StoreSettings.External address;
    private boolean closed;

    private EmbeddedServer(
            Path folder, Path cache, Users users, Users.User user, StoreSettings.External address) {
        this.folder = folder;
        this.cache = cache;
        this.users = users;
        this.user = user;
        this.address = address;
    }

    /**
     * Joins the server of a folder, or starts it. PostgreSQL's programs are unpacked once into the
     * user's cache ({@code XDG_CACHE_HOME} or {@code ~/.cache}, in {@code longspan}).
     *
     * @param folder made when missing; on a local disk
     * @throws StoreUnavailableException when it cannot run here
     */
    public static EmbeddedServer open(Path folder) {
        return open(folder, SystemNames.cache().resolve("longspan"));
    }

    /**
     * Joins the server of a folder, or starts it.
     *
     * @param folder made when missing; on a local disk
     * @param cache where PostgreSQL's programs are unpacked, 60 MB; made when missing
     * @throws StoreUnavailableException when it cannot run here
     */
    public static EmbeddedServer open(Path folder, Path cache) {
        Path programs = cache.toAbsolutePath().normalize();
        // File locks take turns among processes; the threads of one take turns here.
        synchronized (EmbeddedServer.class) {
            try {
                Files.createDirectories(folder);
                Path real = folder.toRealPath();
                try (FolderLock _ = FolderLock.take(real.resolve("lock"), TURN)) {
                    return openInTurn(real, programs);
                }
            } catch (IOException e) {
                throw new StoreUnavailableException(
                        "the embedded database in '"
                                + folder
                                + "' cannot be opened ("
                                + Problems.reason(e)
                                + "); choose a folder on a local disk that this user may write",
                        e);
            }
        }
    }

    private static EmbeddedServer openInTurn(Path folder, Path cache) throws IOException {
        Users users = new Users(folder.resolve("users"));
        Users.User user = users.join();
        try {
            Cluster cluster = new Cluster(folder, name(folder));
            Optional<StoreSettings.External> found = find(cluster, folder);
            StoreSettings.External address =
                    found.isPresent() ? found.get() : start(cluster, folder, cache);
            LOG.info("embedded database in {}, not for production", folder);
            return new EmbeddedServer(folder, cache, users, user, address);
        } catch (IOException | RuntimeException e) {
            user.leave();
            throw e;
        }
    }

    private static StoreSettings.External start(Cluster cluster, Path folder, Path cache)
            throws IOException {
        Path binaries = Binaries.unpacked(cache);
        Commands commands = Commands.asThisUser(folder);
        cluster.make(binaries, commands);
        cluster.start(binaries, commands);
        try {
            return find(cluster, folder)
                    .orElseThrow(() ->
                            new StoreUnavailableException(
                                    "the embedded database in '"
                                            + folder
                                            + "' ended right after its start; see 'server.log' in it"));
        } catch (IOException | RuntimeException e) {
            cluster.stop(binaries, commands);
            throw e;
        }
    }

    /** The address of the server that runs in the folder; waits for one that is starting. */
    private static Optional<StoreSettings.External> find(Cluster cluster, Path folder)
            throws IOException {
        long end = System.nanoTime() + ANSWER.toNanos();
        Optional<Postmaster> noted = cluster.noted();
        if (noted.isPresent() && noted.get().unreadable()) {
            // Its writer may be at it: one that was started by a process that was killed since.
            Commands.pause(WRITING_MILLIS);
            noted = cluster.noted();
        }
        while (noted.isPresent() && noted.get().lives(name(folder))) {
            StoreSettings.External address =
                    Answer.address(noted.get().port(), Password.read(cluster.passwordFile()));
            if (noted.get().port() != 0 && Answer.isServerOf(cluster.data(), address)) {
                return Optional.of(address);
            }
            if (System.nanoTime() > end) {
                throw new StoreUnavailableException(
                        "process "
                                + noted.get().pid()
                                + " holds the embedded database in '"
                                + folder
                                + "' and has not answered for "
                                + ANSWER.toSeconds()
                                + " s; see 'server.log' in it, or end that process");
            }
            Commands.pause(PAUSE_MILLIS);
            noted = cluster.noted();
        }
        return Optional.empty();
    }

    /** A name that tells this folder's server from others in the list of processes. */
    private static String name(Path folder) {
        return "longspan-"
                + UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** How to reach it. */
    public StoreSettings.External address() {
        return address;
    }

    /**
     * Leaves the server; the last user stops it. A server that cannot be stopped is logged and goes
     * on, for the next user to join.
     */
    @Override
    public void close() {
        // An interrupt must not leave the server behind.
        boolean interrupted = Thread.interrupted();
        synchronized (EmbeddedServer.class) {
            if (!closed) {
                closed = true;
                leave();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave() {
        try (FolderLock _ = FolderLock.take(folder.resolve("lock"), TURN)) {
            user.leave();
            if (!users.any()) {
                new Cluster(folder, name(folder))
                        .stop(Binaries.unpacked(cache), Commands.asThisUser(folder));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the embedded database in {} is left running", folder, e);
        }
    }
}
