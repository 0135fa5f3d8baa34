package io.longspan.model.bulk;

/** Hears how far a run has come, batch by batch, from the thread that works. */
@FunctionalInterface
public interface BulkProgress {
    /**
     * One more batch is done.
     *
     * @param documents of this process so far; those of the block under way in proportion
     * @param tokens of this process so far
     * @param done of the input, those of earlier processes included
     * @param size of the input, in the same unit
     */
    void advance(double documents, long tokens, long done, long size);

    /** Hears nothing. */
    static BulkProgress none() {
        return (_, _, _, _) -> {};
    }
}
