package io.longspan.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param state how it ended
 * @param message for people: what happened
 * @param steps done, those before a resume included
 * @param firstLoss mean cross-entropy of the held-out blocks before the first step, natural log;
 *     null when nothing was held out
 * @param lastLoss the same when it was measured last
 * @param tokens read in all steps
 * @param checkpoint folder of the last one, in Hugging Face's layout; null when there is none
 */
public record TrainingOutcome(
        RunState state,
        String message,
        long steps,
        @Nullable Double firstLoss,
        @Nullable Double lastLoss,
        long tokens,
        @Nullable Path checkpoint) {}
