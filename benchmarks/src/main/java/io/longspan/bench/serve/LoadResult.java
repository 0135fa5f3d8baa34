package io.longspan.bench.serve;

import java.util.Arrays;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/**
 * What a load has met.
 *
 * @param callers connections
 * @param offered requests per second that were to be sent; 0 where callers wait for answers
 * @param seconds that were counted
 * @param answered answers in that time
 * @param tokens of answers in time, each by the part of its time in the model that was counted
 * @param refused requests that the server turned away
 * @param late requests that were not answered by their deadline
 * @param failed requests that ended otherwise
 * @param p50 median latency of answers in milliseconds
 * @param p99 99th percentile of it
 * @param p999 99.9th percentile of it
 * @param overhead median of latency less time in the model, in milliseconds
 * @param overhead99 99th percentile of it
 * @param tokenize median time from text to tokens, in milliseconds
 * @param queue median time in the line, in milliseconds
 * @param rest median of what is left of the latency: both ends of gRPC and the log, in milliseconds
 * @param lag 99th percentile of how late a request was sent, in milliseconds
 * @param loadCores cores that the process took that made the load, warming up included
 * @param serverCores cores that this process took meanwhile, the model in it included; the
 *     database's are in neither
 */
public record LoadResult(
        int callers,
        double offered,
        double seconds,
        long answered,
        long tokens,
        long refused,
        long late,
        long failed,
        double p50,
        double p99,
        double p999,
        double overhead,
        double overhead99,
        double tokenize,
        double queue,
        double rest,
        double lag,
        double loadCores,
        double serverCores) {
    private static final String MARK = "LOAD ";
    private static final double MICROS = 1e3;

    /** Numbers out of histograms of microseconds. */
    static LoadResult of(
            int callers,
            double offered,
            double seconds,
            long[] counts,
            long tokens,
            LoadTimes times) {
        return new LoadResult(
                callers,
                offered,
                seconds,
                counts[0],
                tokens,
                counts[1],
                counts[2],
                counts[3],
                millis(times.latency(), 50),
                millis(times.latency(), 99),
                millis(times.latency(), 99.9),
                millis(times.overhead(), 50),
                millis(times.overhead(), 99),
                millis(times.tokenize(), 50),
                millis(times.queue(), 50),
                millis(times.rest(), 50),
                millis(times.lag(), 99),
                0,
                0);
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS;
    }

    /** Tokens of answers per second. */
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    /** Answers per second. */
    public double answersPerSecond() {
        return answered / seconds;
    }

    /** One line. */
    String line() {
        StringJoiner line = new StringJoiner(" ", MARK, "");
        double[] numbers = {
            callers,
            offered,
            seconds,
            answered,
            tokens,
            refused,
            late,
            failed,
            p50,
            p99,
            p999,
            overhead,
            overhead99,
            tokenize,
            queue,
            rest,
            lag,
            loadCores,
            serverCores
        };
        Arrays.stream(numbers).forEach(n -> line.add(Double.toString(n)));
        return line.toString();
    }

    /** Whether a line is one. */
    static boolean isLine(String line) {
        return line.startsWith(MARK);
    }

    static LoadResult parse(String line) {
        double[] n =
                Arrays.stream(line.substring(MARK.length()).split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        return new LoadResult(
                (int) n[0],
                n[1],
                n[2],
                (long) n[3],
                (long) n[4],
                (long) n[5],
                (long) n[6],
                (long) n[7],
                n[8],
                n[9],
                n[10],
                n[11],
                n[12],
                n[13],
                n[14],
                n[15],
                n[16],
                n[17],
                n[18]);
    }

    /** The same with the cores that were taken. */
    LoadResult withCores(double load, double server) {
        return new LoadResult(
                callers,
                offered,
                seconds,
                answered,
                tokens,
                refused,
                late,
                failed,
                p50,
                p99,
                p999,
                overhead,
                overhead99,
                tokenize,
                queue,
                rest,
                lag,
                load,
                server);
    }
}
