package io.longspan.store.work;

import java.time.Instant;
import java.util.Optional;

/**
 * One request.
 *
 * @param id key
 * @param kind what is to be done
 * @param title one line for people
 * @param payload what exactly, as JSON that the worker's handler understands
 * @param state how far it is
 * @param stopRequested whether somebody asked for its end; while RUNNING it is stopping
 * @param attempt how many times a worker has taken it; with the worker's name it fences off a
 *     worker that was thought dead
 * @param lost how many workers were lost with it since it was queued
 * @param worker who has it, or had it last
 * @param heartbeatAt when the worker last said that it lives
 * @param done units done
 * @param total units in all; 0 while unknown
 * @param note what is being done now, one line
 * @param message why it failed
 * @param result what came out, as JSON
 * @param requestedBy who asked
 * @param createdAt when it was asked for
 * @param startedAt when a worker first took it
 * @param endedAt when it ended
 */
public record WorkRow(
        long id,
        WorkKind kind,
        String title,
        String payload,
        WorkState state,
        boolean stopRequested,
        int attempt,
        int lost,
        Optional<String> worker,
        Optional<Instant> heartbeatAt,
        long done,
        long total,
        String note,
        String message,
        Optional<String> result,
        String requestedBy,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    /** What to call its state in front of people: {@code STOPPING} until it has stopped. */
    public String stateForPeople() {
        return state == WorkState.RUNNING && stopRequested ? "STOPPING" : state.name();
    }
}
