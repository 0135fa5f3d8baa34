package io.longspan.attention.fused;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs the kernels, then a small problem, until the compiler has done them, so that the first
 * request does not pay for it: interpreted vector code is some thousand times slower.
 */
final class WarmUp {
    private static final int TOKENS = 192;
    private static final int HEAD_SIZE = 64;
    private static final int REACH = 64;

    /** The compiler needs about one second for itself, several times that on a busy machine. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** As in {@link KernelWarmUp}. */
    private static final double COMPILED_FLOPS_PER_SECOND = 2e9;

    /** Forward two products and backward five, two operations per pair of numbers. */
    private static final double FLOPS = 14.0 * HEAD_SIZE * TOKENS * (2 * REACH + 1);

    /** Fast runs in a row that count as compiled. */
    private static final int FAST_RUNS = 3;

    private WarmUp() {}

    /**
     * Returns when the kernels are compiled, or after four seconds; at once in a JVM that runs
     * without the compiler that knows vectors.
     */
    static void run(FusedAttention backend, TileMath math) {
        if (!knowsVectors(System.getProperty("java.vm.info", ""))) {
            return;
        }
        long deadline = System.nanoTime() + MOST_NANOS;
        new KernelWarmUp(math).run(deadline);
        problem(backend, deadline);
    }

    /** By what a JVM says of itself: interpreted mode, or the quick compiler alone. */
    static boolean knowsVectors(String mode) {
        return !mode.contains("interpreted") && !mode.contains("emulated-client");
    }

    private static void problem(FusedAttention backend, long deadline) {
        AttentionPattern pattern = AttentionPattern.symmetric(1, REACH, HEAD_SIZE);
        SequenceLayout layout = SequenceLayout.allLocal(TOKENS).withGlobals(0);
        Workload work =
                Workload.onCpu(pattern, HEAD_SIZE, Set.of(Feature.GRADIENTS, Feature.GLOBAL_KEYS));
        try (Arena arena = Arena.ofConfined();
                AttentionPlan plan = backend.plan(layout, QueryRows.all(), work)) {
            ForwardTensors forward =
                    new ForwardTensors(
                            tensor(arena), tensor(arena), tensor(arena), null, tensor(arena), null);
            BackwardTensors backward =
                    new BackwardTensors(
                            forward.query(),
                            forward.key(),
                            forward.value(),
                            null,
                            forward.output(),
                            tensor(arena),
                            tensor(arena),
                            tensor(arena),
                            tensor(arena),
                            null);
            int fast = 0;
            while (fast < FAST_RUNS && System.nanoTime() < deadline) {
                long before = System.nanoTime();
                try (SavedForward saved = backend.forwardForGradient(plan, forward, null)) {
                    backend.backward(plan, saved, backward);
                }
                double seconds = (System.nanoTime() - before) / 1e9;
                fast = FLOPS / seconds > COMPILED_FLOPS_PER_SECOND ? fast + 1 : 0;
            }
        }
    }

    private static TensorView tensor(Arena arena) {
        long bytes = (long) TOKENS * HEAD_SIZE * Float.BYTES;
        return TensorView.of(
                arena.allocate(bytes, Float.BYTES), ElementType.FP32, TOKENS, 1, HEAD_SIZE);
    }
}
