package io.longspan.ingest.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records one after the other, for one thread. Whoever opened it closes it. */
public interface RecordCursor extends AutoCloseable {
    /**
     * The next record, or nothing at the end.
     *
     * @throws IOException when the disk refuses; what is wrong with the content is a record
     * @throws io.longspan.corpus.CorpusException when a limit is passed that protects the machine
     */
    @Nullable SourceRecord next() throws IOException;

    /** Bytes of files behind it, as they lie on the disk; never falls. */
    long position();

    @Override
    void close() throws IOException;
}
