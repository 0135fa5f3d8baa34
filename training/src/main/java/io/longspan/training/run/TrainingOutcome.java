package io.longspan.training.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param state how it ended
 * @param message for people: what happened
 * @param steps done, those before a resume included
 * @param firstLoss mean loss of the held-out data before the first step, natural log; null when
 *     nothing was held out
 * @param lastLoss the same when it was measured last
 * @param tokens read in all steps
 * @param checkpoint folder of the last one, in Hugging Face's layout; null when there is none
 * @param best folder of the checkpoint with the best measurement; null when the best are not kept
 * @param waitingShare share of the time of the steps, those before a resume left out, that was
 *     spent waiting for data
 */
public record TrainingOutcome(
        RunState state,
        String message,
        long steps,
        @Nullable Double firstLoss,
        @Nullable Double lastLoss,
        long tokens,
        @Nullable Path checkpoint,
        @Nullable Path best,
        double waitingShare) {}
