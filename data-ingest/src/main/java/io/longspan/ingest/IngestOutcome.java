package io.longspan.ingest;

import io.longspan.corpus.Manifest;

/** How an ingest ended, when it did not fail. */
public sealed interface IngestOutcome {
    /**
     * The data set is complete.
     *
     * @param manifest of the data set
     * @param already whether it was complete before, and nothing was done
     */
    record Complete(Manifest manifest, boolean already) implements IngestOutcome {}

    /**
     * It stopped because it was asked to; the same request goes on.
     *
     * @param reached how far it came
     */
    record Stopped(IngestSnapshot reached) implements IngestOutcome {}
}
