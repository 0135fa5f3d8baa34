package io.longspan.model.encoder;

import io.longspan.attention.compute.ComputeCrew;

/**
 * Work on rows, shared out to a crew in stretches of fixed length.
 *
 * @param crew stays its owner's
 */
record RowJobs(ComputeCrew crew) {
    private static final int ROWS = 64;

    /** Work on a stretch of rows. */
    @FunctionalInterface
    interface Rows {
        void run(long first, long last, int worker);
    }

    /** Does all rows and returns when the last is done. */
    void run(long rows, Rows work) {
        int items = Math.toIntExact((rows + ROWS - 1) / ROWS);
        crew.run(
                items,
                (item, worker) ->
                        work.run((long) item * ROWS, Math.min(rows, (item + 1L) * ROWS), worker));
    }
}
