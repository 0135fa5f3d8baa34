package io.longspan.ingest;

/** Hears how far an ingest is. Called from several threads, one at a time; should return soon. */
@FunctionalInterface
public interface IngestProgress {
    /** Something moved on. */
    void at(IngestSnapshot snapshot);

    /** Hears nothing. */
    static IngestProgress none() {
        return snapshot -> {};
    }
}
