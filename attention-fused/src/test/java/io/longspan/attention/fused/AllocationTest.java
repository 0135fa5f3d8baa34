package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A spy on the heap: a call that had its scratch before allocates next to nothing. */
final class AllocationTest {
    private static final int HEADS = 2;
    private static final int HEAD_SIZE = 64;
    private static final ThreadMXBean SPY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aForwardPassCopiesNoInput() {
        long bytes = forwardBytes(4096);
        long query = 4096L * HEADS * HEAD_SIZE * Float.BYTES;
        assertThat(bytes).as("bytes allocated, the query has %d", query).isLessThan(query / 50);
    }

    @Test
    void savedStateIsOneNumberPerRowAndHead() {
        try (Calls calls = calls(500);
                FusedAttention backend = backend();
                AttentionPlan plan = calls.plan(backend);
                SavedForward saved = backend.forwardForGradient(plan, calls.forward(), null)) {
            assertThat(saved.bytes()).isEqualTo(500L * HEADS * Float.BYTES);
        }
    }

    @Test
    void theScratchOfAThreadDoesNotDependOnTheLength() {
        try (FusedAttention backend = backend();
                Calls brief = calls(64);
                Calls lengthy = calls(6000);
                AttentionPlan small = brief.plan(backend);
                AttentionPlan large = lengthy.plan(backend)) {
            assertThat(large.workspaceBytes() - small.workspaceBytes())
                    .as("no globals and no bias, so nothing is kept per segment")
                    .isZero();
        }
    }

    private static long forwardBytes(int tokens) {
        try (Calls calls = calls(tokens);
                FusedAttention backend = backend();
                AttentionPlan plan = calls.plan(backend)) {
            backend.forward(plan, calls.forward(), null);
            long least = Long.MAX_VALUE;
            for (int run = 0; run < 3; run++) {
                long before = SPY.getCurrentThreadAllocatedBytes();
                backend.forward(plan, calls.forward(), null);
                least = Math.min(least, SPY.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        }
    }

    private static Calls calls(int tokens) {
        return new Calls(
                SequenceLayout.allLocal(tokens),
                AttentionPattern.symmetric(HEADS, 64, HEAD_SIZE),
                HEAD_SIZE,
                3);
    }

    /** Scalar: its scratch is the same, and the compiler's boxes of vectors are not counted. */
    private static FusedAttention backend() {
        return Calls.backend(1, Map.of("vector-bits", "scalar"));
    }
}
