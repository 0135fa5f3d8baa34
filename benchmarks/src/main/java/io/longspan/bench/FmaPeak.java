package io.longspan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The rate of float32 multiply-adds that nothing on this machine can exceed, measured. */
public final class FmaPeak {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int TURNS = 400_000;
    private static final int SAMPLES = 15;

    private FmaPeak() {}

    /** Operations in 1e9 per second of several threads together, the best of some samples. */
    public static double gflops(int threads) {
        double best = 0;
        try (ExecutorService crew = Executors.newFixedThreadPool(threads)) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                long begin = System.nanoTime();
                List<Future<Float>> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    running.add(crew.submit(() -> chains(TURNS)));
                }
                for (Future<Float> one : running) {
                    one.get();
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                best = Math.max(best, threads * flops() / seconds / 1e9);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the peak was measured", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the peak could not be measured", e);
        }
        return best;
    }

    private static double flops() {
        return 2.0 * CHAINS * FLOATS.length() * TURNS;
    }

    /** Twelve chains that do not wait for each other; the result keeps them alive. */
    static float chains(int turns) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999999f);
        FloatVector y = FloatVector.broadcast(FLOATS, 1e-6f);
        FloatVector a = y;
        FloatVector b = y;
        FloatVector c = y;
        FloatVector d = y;
        FloatVector e = y;
        FloatVector f = y;
        FloatVector g = y;
        FloatVector h = y;
        FloatVector i = y;
        FloatVector j = y;
        FloatVector k = y;
        FloatVector l = y;
        for (int turn = 0; turn < turns; turn++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .reduceLanes(VectorOperators.ADD);
    }
}
