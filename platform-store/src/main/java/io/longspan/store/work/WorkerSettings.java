package io.longspan.store.work;

import java.time.Duration;
import java.util.Set;

/**
 * How a worker behaves.
 *
 * @param name unique among all workers, ever: with it a worker that was given up is told from its
 *     successor
 * @param poll how often to ask for work
 * @param beat how often to say that it lives
 * @param dead how old another worker's heartbeat is when its work is taken; several beats
 * @param patience how long to wait for the handler, and for the store, when closing
 * @param userErrors exceptions whose message is a sentence for people
 */
public record WorkerSettings(
        String name,
        Duration poll,
        Duration beat,
        Duration dead,
        Duration patience,
        Set<Class<? extends Exception>> userErrors) {
    /** Checks. */
    public WorkerSettings {
        userErrors = Set.copyOf(userErrors);
        if (name.isBlank() || poll.toMillis() < 1 || beat.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "worker '"
                            + name
                            + "' needs a name, and times to poll and to beat of at least 1 ms");
        }
        if (dead.compareTo(beat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "worker '"
                            + name
                            + "' takes others for dead after "
                            + dead.toMillis()
                            + " ms and beats every "
                            + beat.toMillis()
                            + " ms; the first has to be at least twice the second");
        }
    }

    /** Polls every second, beats every 5 s, takes others for dead after 60 s, waits 30 s. */
    public static WorkerSettings of(String name, Set<Class<? extends Exception>> userErrors) {
        return new WorkerSettings(
                name,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                userErrors);
    }
}
