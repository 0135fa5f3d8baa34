package io.longspan.model.bulk;

/** Turns blocks and batches into how far the run has come. */
final class Pace {
    private final BulkProgress progress;
    private final long size;
    private final BulkCounts start;

    /**
     * @param start what earlier processes have done
     */
    Pace(BulkProgress progress, long size, BulkCounts start) {
        this.progress = progress;
        this.size = size;
        this.start = start;
    }

    /** The batches of one block. */
    final class Block {
        private final BulkCounts before;
        private final BulkCounts own;
        private final long from;
        private final long to;
        private long tokens;

        private Block(BulkCounts before, BulkCounts own, long from, long to) {
            this.before = before;
            this.own = own;
            this.from = from;
            this.to = to;
        }

        void batch(long more) {
            tokens += more;
            double share = (double) tokens / own.tokens();
            progress.advance(
                    before.written() - start.written() + share * own.written(),
                    before.tokens() - start.tokens() + tokens,
                    from + (long) (share * (to - from)),
                    size);
        }
    }

    /**
     * @param counts before the block
     * @param from how far the input was read before the block
     * @param to and after it
     */
    Block over(BulkCounts counts, BulkBlock block, long from, long to) {
        return new Block(counts, block.counts(), from, to);
    }
}
