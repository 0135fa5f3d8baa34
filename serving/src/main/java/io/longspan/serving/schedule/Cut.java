package io.longspan.serving.schedule;

import java.util.List;

/**
 * What was taken out of the line.
 *
 * @param batch jobs of one lot, best first; none when nothing can run now
 * @param late jobs whose deadline has passed
 */
record Cut<J extends Job>(List<J> batch, List<J> late) {
    /** Tokens of the batch. */
    int tokens() {
        return batch.stream().mapToInt(Job::tokens).sum();
    }
}
