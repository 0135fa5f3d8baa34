package io.longspan.store.run;

import java.time.Instant;
import java.util.Optional;

/**
 * One training run.
 *
 * @param id key
 * @param name for people
 * @param objective such as {@code masked-lm}
 * @param state how far it is
 * @param config all of its settings, as JSON
 * @param output folder of its checkpoints; one run per folder
 * @param dataSet folder of the data set
 * @param backend attention backend that runs it
 * @param backendVersion its version
 * @param step steps made
 * @param totalSteps steps in all
 * @param firstLoss held-out loss before the first step, in nats
 * @param lastLoss latest held-out loss, in nats
 * @param message why it failed
 * @param startedAt when it first began
 * @param updatedAt when this row changed last
 * @param endedAt when it ended
 */
public record RunRow(
        long id,
        String name,
        String objective,
        RunState state,
        String config,
        String output,
        String dataSet,
        String backend,
        String backendVersion,
        long step,
        long totalSteps,
        Optional<Double> firstLoss,
        Optional<Double> lastLoss,
        String message,
        Instant startedAt,
        Instant updatedAt,
        Optional<Instant> endedAt) {}
