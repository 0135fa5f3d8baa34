package io.longspan.corpus;

import java.util.concurrent.Semaphore;

/**
 * What all readers of Parquet together may take outside the heap. A reader says how much its file
 * wants and waits until others have given back that much; one that wants more than there is gets
 * all of it, alone. So memory is bounded whatever the number of workers. Thread-safe.
 */
public final class ParquetMemory {
    /**
     * MiB where nothing else is said: a row group of books that DuckDB wrote as one takes nearly
     * 1.5 GB, since its pages have 100 MB and a block has 2,048 rows.
     */
    public static final int STANDARD_MEBIBYTES = 2048;

    /** MiB below which DuckDB hardly reads anything. */
    public static final int LEAST_MEBIBYTES = 256;

    private final int mebibytes;
    private final Semaphore free;

    /**
     * @param mebibytes that may be taken, at least {@link #LEAST_MEBIBYTES}
     */
    public ParquetMemory(int mebibytes) {
        if (mebibytes < LEAST_MEBIBYTES) {
            throw new CorpusException(
                    mebibytes
                            + " MiB for readers of Parquet are too few; allow "
                            + LEAST_MEBIBYTES
                            + " or more");
        }
        this.mebibytes = mebibytes;
        // Fair, or a large file could wait for ever behind small ones.
        free = new Semaphore(mebibytes, true);
    }

    /** A reader's share, until it is closed. */
    final class Share implements AutoCloseable {
        private final int taken;
        private boolean open = true;

        private Share(int taken) {
            this.taken = taken;
        }

        /** For DuckDB: an estimate may be wrong by half, but what there is is the end of it. */
        String limit() {
            return Math.min(mebibytes, taken + taken / 2) + "MiB";
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                free.release(taken);
            }
        }
    }

    /** Waits for a share. */
    Share take(long bytes) {
        long wanted = Math.max(LEAST_MEBIBYTES, bytes >> 20);
        int taken = (int) Math.min(mebibytes, wanted);
        try {
            free.acquire(taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return new Share(taken);
    }

    /** MiB that nobody has taken. */
    int free() {
        return free.availablePermits();
    }
}
