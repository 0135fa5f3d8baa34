package io.longspan.bench.jmh;

import io.longspan.bench.AttentionBenchRequest;
import io.longspan.bench.BenchedBackend;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One layer's attention, forward and backward, by backend and length. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true"
        })
public class AttentionBenchmark {
    /** Backend by name. */
    @Param({"fused", "chunks"})
    public String backend = "fused";

    /** Tokens of the one sequence. */
    @Param({"512", "4096"})
    public int tokens = 4096;

    private BenchedBackend benched = BenchedBackend.none();

    /** Opens the backend. */
    @Setup(Level.Trial)
    public void open() {
        int threads = Runtime.getRuntime().availableProcessors();
        benched =
                BenchedBackend.open(
                        backend, AttentionBenchRequest.base(threads).withTokens(tokens));
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        benched.close();
    }

    /** As in inference. */
    @Benchmark
    public void forward() {
        benched.forward();
    }

    /** Forward and backward, as in training. */
    @Benchmark
    public void forwardAndBackward() {
        benched.train();
    }
}
