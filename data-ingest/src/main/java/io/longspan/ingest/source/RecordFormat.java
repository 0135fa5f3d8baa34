package io.longspan.ingest.source;

import io.longspan.ingest.source.Unpacker.Unpacked;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How the records stand in one unpacked file. */
sealed interface RecordFormat permits WholeText, LineTexts, JsonLines, WikiPages {
    /** Opens a file whose first byte is byte {@code base} of it. */
    Records open(Unpacked file, long base, ReadLimits limits);

    /** The records of one file. */
    @FunctionalInterface
    interface Records {
        /** The next one, or nothing at the end; damage that ends the file is an exception. */
        @Nullable SourceRecord next() throws IOException;
    }
}
