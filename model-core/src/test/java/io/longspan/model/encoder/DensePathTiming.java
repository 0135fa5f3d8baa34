package io.longspan.model.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How long the dense path takes beside the backends, where windows cover the sequence. Not a test
 * by its name, so run only when asked: {@code mvn -pl model-core -am test -Dtest=DensePathTiming
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class DensePathTiming {
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 64;
    private static final int ROUNDS = 41;

    @Test
    void timeEach() {
        System.out.println("tokens  globals  dense ms   chunks   fused    (times the dense path)");
        for (int globals : new int[] {0, 1}) {
            for (int length : new int[] {64, 128, 256, 384, 512}) {
                time(globals, length);
            }
        }
    }

    private static void time(int globals, int length) {
        SequenceLayout local = SequenceLayout.allLocal(length);
        SequenceLayout layout = globals == 0 ? local : local.withGlobals(0);
        LayerWindow window =
                new LayerWindow(AttentionPattern.symmetric(HEADS, 511, HEAD_SIZE), null, 0);
        ExactSavings on = ExactSavings.all();
        try (AttentionBackend chunks = Backends.of("chunks");
                AttentionBackend fused = Backends.of("fused");
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                AttentionSession dense = AttentionSession.open(chunks, layout, on);
                AttentionSession chunked = AttentionSession.open(chunks, layout);
                AttentionSession kernel = AttentionSession.open(fused, layout)) {
            NDArray q = random(manager, length);
            NDArray k = random(manager, length);
            NDArray v = random(manager, length);
            double[] own = new double[ROUNDS];
            double[] ofChunks = new double[ROUNDS];
            double[] ofFused = new double[ROUNDS];
            for (int round = -10; round < ROUNDS; round++) {
                double first = seconds(dense, q, k, v, window);
                double second = seconds(chunked, q, k, v, window);
                double third = seconds(kernel, q, k, v, window);
                if (round >= 0) {
                    own[round] = first;
                    ofChunks[round] = second / first;
                    ofFused[round] = third / first;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%6d  %7d  %8.3f  %7.2f  %7.2f%n",
                    length,
                    globals,
                    1e3 * median(own),
                    median(ofChunks),
                    median(ofFused));
        }
    }

    private static double seconds(
            AttentionSession session, NDArray q, NDArray k, NDArray v, LayerWindow window) {
        long begin = System.nanoTime();
        session.forward(q, k, v, window).close();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static NDArray random(NDManager manager, int length) {
        return manager.randomNormal(0, 1, new Shape(length, HEADS, HEAD_SIZE), DataType.FLOAT32);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
