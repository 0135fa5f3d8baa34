package io.longspan.attention.fused;

import java.util.Arrays;

/**
 * Calls each kernel with little work, many times: the compiler counts calls and turns of loops, and
 * interpreted vector code is too slow to count them on a real problem. The draws of dropout are
 * left out: no request has any, and a training run does not wait for one answer.
 */
final class KernelWarmUp {
    /** Deep enough that loops count, and shallow enough that the clock is looked at in time. */
    private static final int DEPTH = 24;

    private static final int ROUNDS = 50;

    /** Compiled code is far above it on any machine with vectors, anything less far below. */
    private static final double COMPILED_FLOPS_PER_SECOND = 2e9;

    private static final double FLOPS = 2.0 * 3 * 2 * Tile.GROUP * DEPTH * Tile.SIZE;

    private final TileMath math;
    private final float[] left = new float[Tile.AREA];
    private final float[] right = new float[Tile.AREA];
    private final float[] scores = new float[Tile.AREA];
    private final Running running = new Running();

    KernelWarmUp(TileMath math) {
        this.math = math;
        Arrays.fill(left, 0.5f);
        Arrays.fill(right, 0.25f);
    }

    /** Returns when the kernels are compiled, or at a time of {@link System#nanoTime()}. */
    void run(long deadline) {
        boolean compiled = false;
        while (!compiled && System.nanoTime() < deadline) {
            long begin = System.nanoTime();
            int done = 0;
            while (done < ROUNDS && System.nanoTime() < deadline) {
                round();
                done++;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            compiled = done * FLOPS / seconds > COMPILED_FLOPS_PER_SECOND;
        }
    }

    private void round() {
        int lanes = math.lanes();
        for (int columns : new int[] {Tile.SIZE, Tile.SIZE / 2, lanes}) {
            math.products().plain(scores, 0, left, 0, right, 0, DEPTH, columns, false);
            math.products().transposed(scores, 0, left, 0, right, 0, DEPTH, columns);
        }
        running.reset();
        Arrays.fill(scores, 0, DEPTH * Tile.SIZE, 1);
        math.rows().softmax(scores, 0, 0, DEPTH, running, 0);
        math.rows().softmax(scores, 0, 0, DEPTH, running, 0);
        math.rows().gradients(scores, left, 0, 0, DEPTH, running.cut, running.sum, 0);
        Arrays.fill(left, 0.5f);
    }
}
