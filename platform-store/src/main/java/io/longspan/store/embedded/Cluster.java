package io.longspan.store.embedded;

import io.longspan.store.StoreUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data folder, and the starting and stopping of its server. Every method is called in the turn of
 * the folder's lock.
 */
final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** The server's role; it may do everything in its server. */
    static final String USER = "longspan";

    private static final Duration MAKE_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** A server that ends its sessions and writes everything out needs a second or two. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 500;

    private final Path folder;
    private final Path data;
    private final Path log;
    private final String name;

    Cluster(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        data = folder.resolve("data");
        log = folder.resolve("server.log");
    }

    Path passwordFile() {
        return folder.resolve("password");
    }

    Path data() {
        return data;
    }

    /** Makes the data folder unless it is there; refuses one of another major version. */
    void make(Path binaries, Commands commands) throws IOException {
        if (!Files.exists(data)) {
            // Made beside and moved, so that a folder with its name is complete.
            Path part = folder.resolve("data.part");
            Binaries.delete(part);
            Password.make(passwordFile());
            Commands.Result made =
                    commands.run(
                            folder,
                            MAKE_LIMIT,
                            List.of(
                                    tool(binaries, "initdb"),
                                    "-D",
                                    "data.part",
                                    "--username=" + USER,
                                    "--pwfile=" + passwordFile().getFileName(),
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8"));
            if (made.code() != 0) {
                throw new StoreUnavailableException(
                        "the embedded database in '"
                                + folder
                                + "' cannot be made ("
                                + Problems.ending(made.output())
                                + "); put that right and try again");
            }
            Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
        } else {
            refuseOtherVersion(binaries);
        }
    }

    /**
     * Starts the server on a free port of loopback and waits until it answers. Called when no
     * server of this folder runs.
     */
    void start(Path binaries, Commands commands) throws IOException {
        Optional<Postmaster> before = Postmaster.read(data);
        if (before.isPresent() && before.get().misleads()) {
            Postmaster.forget(data);
        }
        // The port of before heals connections of processes that outlived a server that was killed.
        int wish = before.map(Postmaster::port).orElse(0);
        String said = "";
        for (int i = 0; i < TRIES; i++) {
            int port = freePort(wish);
            long logged = Files.exists(log) ? Files.size(log) : 0;
            Commands.Result started =
                    commands.run(folder, START_LIMIT.plusSeconds(10), startLine(binaries, port));
            if (started.code() == 0) {
                return;
            }
            said = logFrom(logged);
            if (said.isEmpty()) {
                said = started.output();
            }
            if (said.contains("Address already in use")) {
                wish = 0;
            } else if (said.contains("shared memory block")) {
                // Sessions of a server that was killed are still ending.
                Commands.pause(PAUSE_MILLIS);
            } else {
                break;
            }
        }
        throw new StoreUnavailableException(
                "the embedded database in '"
                        + folder
                        + "' cannot start ("
                        + Problems.ending(said)
                        + "); see '"
                        + log
                        + "'");
    }

    /**
     * Ends the server: sessions are cut, everything that was committed is kept. One that does not
     * come to an end soon, since it recovers from a crash or a process of it hangs, is ended at
     * once: it recovers at its next start, from a log that is on the disk.
     */
    void stop(Path binaries, Commands commands) throws IOException {
        stop(binaries, commands, STOP_PATIENCE);
    }

    /** The same with another patience. */
    void stop(Path binaries, Commands commands, Duration patience) throws IOException {
        Commands.Result stopped = stop(binaries, commands, "fast", patience);
        if (stopped.code() != 0 && Postmaster.read(data).isPresent()) {
            LOG.warn(
                    "the embedded database in {} has not ended in {} s and is ended at once; it recovers at its next start",
                    folder,
                    patience.toSeconds());
            stopped = stop(binaries, commands, "immediate", STOP_LIMIT);
        }
        if (stopped.code() != 0 && Postmaster.read(data).isPresent()) {
            throw new StoreUnavailableException(
                    "the embedded database in '"
                            + folder
                            + "' cannot be stopped ("
                            + Problems.ending(stopped.output())
                            + "); it goes on and the next process will use it");
        }
    }

    private Commands.Result stop(Path binaries, Commands commands, String mode, Duration patience)
            throws IOException {
        return commands.run(
                folder,
                patience.plusSeconds(10),
                List.of(
                        tool(binaries, "pg_ctl"),
                        "stop",
                        "-D",
                        data.getFileName().toString(),
                        "-m",
                        mode,
                        "-w",
                        "-t",
                        Long.toString(patience.toSeconds())));
    }

    /**
     * pg_ctl makes the server the head of a session of its own: it outlives the process that
     * started it and does not get the Ctrl-C of its terminal. Paths are relative, because they pass
     * through a shell.
     */
    private List<String> startLine(Path binaries, int port) {
        List<String> settings =
                List.of(
                        "listen_addresses=127.0.0.1",
                        "unix_socket_directories=",
                        "cluster_name=" + name,
                        "fsync=on",
                        "timezone=UTC",
                        "log_timezone=UTC",
                        "log_checkpoints=off");
        StringBuilder options = new StringBuilder("-p " + port);
        settings.forEach(s -> options.append(" -c ").append(s));
        List<String> line = new ArrayList<>();
        line.add(tool(binaries, "pg_ctl"));
        line.addAll(List.of("start", "-D", data.getFileName().toString()));
        line.addAll(List.of("-l", log.getFileName().toString()));
        line.addAll(List.of("-w", "-t", Long.toString(START_LIMIT.toSeconds())));
        line.addAll(List.of("-s", "-o", options.toString()));
        return line;
    }

    private void refuseOtherVersion(Path binaries) throws IOException {
        String made = Files.readString(data.resolve("PG_VERSION")).strip();
        String mine = version(binaries);
        if (!made.equals(mine)) {
            throw new StoreUnavailableException(
                    "the embedded database in '"
                            + folder
                            + "' was made by PostgreSQL "
                            + made
                            + ", and this Longspan brings PostgreSQL "
                            + mine
                            + "; dump it with PostgreSQL "
                            + made
                            + " and restore it, or remove the folder to begin with an empty one");
        }
    }

    private static String version(Path binaries) throws IOException {
        // Its own file says it without running anything: server catalogs are named by version.
        Path sample = binaries.resolve("share/postgresql/postgres.bki");
        Path file = Files.exists(sample) ? sample : binaries.resolve("share/postgres.bki");
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            String head = lines.findFirst().orElse("");
            return head.replaceAll("\\D+", " ").strip();
        }
    }

    private static int freePort(int wish) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        for (int port : wish == 0 ? List.of(0) : List.of(wish, 0)) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(loopback, port));
                return socket.getLocalPort();
            } catch (java.net.BindException e) {
                if (port == 0) {
                    throw e;
                }
            }
        }
        throw new IOException("no port of 127.0.0.1 is free");
    }

    private String logFrom(long position) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        byte[] bytes = Files.readAllBytes(log);
        int from = (int) Math.min(position, bytes.length);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private static String tool(Path binaries, String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }

    /** The noted server, if there is a note. */
    Optional<Postmaster> noted() throws IOException {
        return Postmaster.read(data);
    }
}
