package io.longspan.cli.role;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.model.encoder.AttentionRun;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Times one layer's attention of a usual size. */
public final class LayerTimer {
    private static final int TOKENS = 512;
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 64;
    private static final int REACH = 64;
    private static final int RUNS = 3;

    private LayerTimer() {}

    /** What a backend has to support. */
    public static List<Workload> work() {
        return List.of(Workload.onCpu(pattern(), HEAD_SIZE, Set.of(Feature.GLOBAL_KEYS)));
    }

    /** What is timed, in words. */
    public static String describe(int threads) {
        return TOKENS
                + " tokens, "
                + HEADS
                + " heads of "
                + HEAD_SIZE
                + ", window "
                + 2 * REACH
                + ", one global token, "
                + threads
                + " threads, "
                + RUNS
                + " runs";
    }

    private static AttentionPattern pattern() {
        return AttentionPattern.symmetric(HEADS, REACH, HEAD_SIZE);
    }

    /** Seconds of each timed run, ascending; the first run warms up and is not counted. */
    public static double[] seconds(AttentionBackend backend) {
        return seconds(backend, () -> {});
    }

    /**
     * As {@link #seconds(AttentionBackend)}.
     *
     * @param goOn is run before each run and may end the timing with an exception
     */
    static double[] seconds(AttentionBackend backend, Runnable goOn) {
        SequenceLayout layout = SequenceLayout.allLocal(TOKENS).withGlobals(0);
        double[] seconds = new double[RUNS];
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray qkv =
                    manager.randomNormal(new Shape(3, TOKENS, HEADS, HEAD_SIZE)); // [3, T, H, D]
            for (int run = -1; run < RUNS; run++) {
                goOn.run();
                try (NDManager scope = manager.newSubManager()) {
                    NDArray query = scoped(qkv, 0, scope);
                    NDArray key = scoped(qkv, 1, scope);
                    NDArray value = scoped(qkv, 2, scope);
                    long begin = System.nanoTime();
                    AttentionRun.once(backend, query, key, value, layout, pattern());
                    if (run >= 0) {
                        seconds[run] = (System.nanoTime() - begin) / 1e9;
                    }
                }
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private static NDArray scoped(NDArray qkv, long index, NDManager scope) {
        NDArray part = qkv.get(index); // [T, H, D]
        part.attach(scope);
        return part;
    }
}
