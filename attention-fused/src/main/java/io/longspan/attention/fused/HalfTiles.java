package io.longspan.attention.fused;

import io.longspan.attention.Feature;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.Workload;
import org.jspecify.annotations.Nullable;

/** The native tiles of a backend: the library, and what each thread works in. */
final class HalfTiles implements AutoCloseable {
    /** Within it a score that nobody sees stays below every cut and above minus infinity. */
    private static final float LEAST_SCALE = 1e-3f;

    private static final float MOST_SCALE = 100;

    private final TileLibrary library;
    private final @Nullable HalfScratch[] scratches;
    private boolean closed;

    /**
     * For so many threads.
     *
     * @param library is closed with this
     */
    HalfTiles(TileLibrary library, int threads) {
        this.library = library;
        scratches = new @Nullable HalfScratch[threads];
    }

    /** Whether a workload permits rounded products and asks nothing that the tiles do not know. */
    static boolean serve(Workload workload) {
        return workload.products() == ProductPrecision.BF16
                && !workload.training()
                && !workload.pattern().offsetBias()
                && !workload.calls().contains(Feature.DROPOUT)
                && workload.pattern().scale() >= LEAST_SCALE
                && workload.pattern().scale() <= MOST_SCALE;
    }

    /** A thread's panels, kept from call to call as long as the head size stays. */
    HalfScratch scratch(int worker, int headSize) {
        HalfScratch kept = scratches[worker];
        if (kept == null || !kept.fits(headSize)) {
            if (kept != null) {
                // Gone even if there is no memory for the next.
                scratches[worker] = null;
                kept.close();
            }
            kept = new HalfScratch(library, headSize);
            scratches[worker] = kept;
        }
        return kept;
    }

    /** To be called when no thread computes; harmless twice. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (HalfScratch scratch : scratches) {
            if (scratch != null) {
                scratch.close();
            }
        }
        library.close();
    }
}
