package io.longspan.ingest;

import java.io.IOException;
import org.springframework.batch.core.step.StepContribution;

/** What is done to one lane, record by record, by one thread. Whoever opened it closes it. */
interface LaneWork extends AutoCloseable {
    /**
     * Does a little.
     *
     * @param contribution is told what was read, written and left out
     * @return whether something is left to do
     */
    boolean advance(StepContribution contribution) throws IOException;

    /** However it ended: what was not completed is removed. */
    @Override
    void close();
}
