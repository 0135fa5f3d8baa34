package io.longspan.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server notes in its data folder. The file stays behind when a server is killed, so
 * it proves nothing by itself.
 *
 * @param pid of the server's first process
 * @param port it listens on; 0 while it has not said so
 */
record Postmaster(long pid, int port) {
    private static final String FILE = "postmaster.pid";
    private static final int PORT_LINE = 3;

    static Optional<Postmaster> read(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(data.resolve(FILE));
            long pid = Long.parseLong(lines.getFirst().strip());
            int port =
                    lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
            return Optional.of(new Postmaster(pid, port));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (NumberFormatException | java.util.NoSuchElementException _) {
            // Half written: its writer lives, or has died at the worst moment.
            return Optional.of(new Postmaster(0, 0));
        }
    }

    static void forget(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(FILE));
    }

    /**
     * Whether the process that has the noted number now is a server with this name. After a crash
     * of the machine the number may be anybody's. What the system does not tell is believed.
     */
    boolean lives(String name) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return false;
        }
        ProcessHandle.Info info = process.get().info();
        Optional<String> self = ProcessHandle.current().info().user();
        return info.command().map(Postmaster::isServer).orElse(true)
                && info.arguments()
                        .map(a -> List.of(a).contains("cluster_name=" + name))
                        .orElse(true)
                && (info.user().isEmpty() || self.isEmpty() || info.user().equals(self));
    }

    /**
     * Whether the note, known not to be of a server that lives, would keep a new one from starting:
     * PostgreSQL believes a number that is in use. A number that is not it leaves to PostgreSQL,
     * which also looks for sessions that have outlived their server.
     */
    boolean misleads() {
        return unreadable() || ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Whether the note was found half written. */
    boolean unreadable() {
        return pid == 0;
    }

    private static boolean isServer(String command) {
        Path name = Path.of(command).getFileName();
        return name != null
                && (name.toString().equals("postgres") || name.toString().equals("postgres.exe"));
    }
}
