package io.longspan.bench;

import org.jspecify.annotations.Nullable;

/**
 * One contender.
 *
 * @param name of the backend or the peer
 * @param version of it
 * @param note why it was not measured, or empty
 * @param forward seconds of the forward pass, or null when it was not measured
 * @param backward seconds of the backward pass, or null; composed backends are timed forward and
 *     backward together and the forward median is taken off
 * @param forwardGflops useful operations of the forward pass by its median, in 1e9 per second; null
 *     without a time, as all that follows from one
 * @param backwardGflops the same by the convention of 2.5 times the forward operations
 * @param forwardShareOfPeak of the FMA peak measured in the same run, 0 to 1; null without a peak
 * @param backwardShareOfPeak of the same
 * @param ratioToFastest forward median over that of the fastest contender
 * @param extraBytes growth of the process during its first forward pass above inputs and output, or
 *     what a kernel says it works in if that is more; null where the system does not say
 */
public record AttentionBenchRow(
        String name,
        String version,
        String note,
        @Nullable Timing forward,
        @Nullable Timing backward,
        @Nullable Double forwardGflops,
        @Nullable Double backwardGflops,
        @Nullable Double forwardShareOfPeak,
        @Nullable Double backwardShareOfPeak,
        @Nullable Double ratioToFastest,
        @Nullable Long extraBytes) {}
