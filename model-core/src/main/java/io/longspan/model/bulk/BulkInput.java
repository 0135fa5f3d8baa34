package io.longspan.model.bulk;

import java.nio.file.Path;

/** A file of documents. */
public interface BulkInput {
    /** Where it is. */
    Path file();

    /** What tells this content from any other, read with other settings included. */
    String digest();

    /** How large it is, in the unit of {@link BulkSource#done}. */
    long size();

    /**
     * Opens it.
     *
     * @param position 0, or what {@link BulkSource#position} of an earlier reader was
     * @throws io.longspan.model.ModelInputException when it cannot be read
     */
    BulkSource open(long position);
}
