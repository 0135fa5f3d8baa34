package io.longspan.bench;

/**
 * One contender on one layer.
 *
 * @param layer name, for people
 * @param rows of the input
 * @param in numbers of a row of the input
 * @param out numbers of a row of the output
 * @param contender packed precision, or DJL's linear
 * @param kernel code that ran
 * @param timing of one call
 * @param gflops operations in 1e9 per second, at the median
 * @param bestGflops the same at the fastest run, which other work on the machine disturbs least
 * @param shareOfPeak of the float32 peak, at the fastest run; bfloat16 and int8 can exceed 1
 * @param ratioToEngine time of DJL's linear as it is, over this one's, fastest runs
 */
public record LinearBenchRow(
        String layer,
        int rows,
        int in,
        int out,
        String contender,
        String kernel,
        Timing timing,
        double gflops,
        double bestGflops,
        double shareOfPeak,
        double ratioToEngine) {}
