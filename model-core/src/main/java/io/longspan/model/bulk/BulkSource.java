package io.longspan.model.bulk;

import org.jspecify.annotations.Nullable;

/** An input that is being read. For one thread; whoever opened it closes it. */
public interface BulkSource extends AutoCloseable {
    /**
     * The next row; null at the end.
     *
     * @throws io.longspan.model.ModelInputException when the file cannot be read any further
     */
    @Nullable BulkRecord next();

    /** Where a later reader has to begin to read what comes next. */
    long position();

    /** How far the reading has come, from 0 to {@link BulkInput#size}. */
    long done();

    @Override
    void close();
}
