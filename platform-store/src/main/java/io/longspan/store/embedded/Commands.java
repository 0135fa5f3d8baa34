package io.longspan.store.embedded;

import io.longspan.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs PostgreSQL's programs and keeps what they say. */
final class Commands {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final List<String> prefix;

    private Commands(List<String> prefix) {
        this.prefix = prefix;
    }

    /**
     * Commands as this user. PostgreSQL refuses to run as root; root steps into a user namespace of
     * its own, where it is nobody.
     *
     * @throws StoreUnavailableException when root cannot do that here
     */
    static Commands asThisUser(Path folder) {
        if (!SystemNames.root()) {
            return new Commands(List.of());
        }
        Commands inside = new Commands(List.of("unshare", "-U"));
        String problem;
        try {
            Result name = inside.run(folder, Duration.ofSeconds(10), List.of("id", "-un"));
            if (name.code() == 0) {
                return inside;
            }
            problem = Problems.ending(name.output());
        } catch (IOException e) {
            problem = Problems.reason(e);
        }
        throw asRoot(problem);
    }

    static StoreUnavailableException asRoot(String problem) {
        return new StoreUnavailableException(
                "the embedded database cannot run as root, and a user namespace for it is blocked here ('unshare -U': "
                        + problem
                        + "); run as a normal user, or give longspan.store.url of a PostgreSQL server");
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException when it cannot be started
     * @throws StoreUnavailableException when it takes longer than the limit; it is ended then
     */
    Result run(Path folder, Duration limit, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        // Somebody's PGPORT, PGDATA or language must not leak into this server.
        builder.environment().keySet().removeIf(k -> k.startsWith("PG") || k.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        FutureTask<String> output =
                new FutureTask<>(() ->
                        new String(
                                process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(output);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new StoreUnavailableException(
                        "'"
                                + command.getFirst()
                                + "' has not ended after "
                                + limit.toSeconds()
                                + " s; look at what slows this machine down and try again");
            }
            return new Result(
                    process.exitValue(), output.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw interrupted(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("what '" + command.getFirst() + "' said cannot be read", e);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static StoreUnavailableException interrupted(InterruptedException problem) {
        Thread.currentThread().interrupt();
        return new StoreUnavailableException(
                "the thread was interrupted while it waited for the embedded database; open it again",
                problem);
    }

    /**
     * How a program ended.
     *
     * @param code 0 when well
     * @param output everything it said
     */
    record Result(int code, String output) {}
}
