/**
 * Readers of corpora: from files to records, one after the other, with bounded memory.
 *
 * <p>A {@link io.longspan.ingest.source.CorpusReader} lists the files of a source, says where a
 * file may be divided so that its parts can be read side by side, and opens a cursor over a part.
 * What a cursor gives is a {@link io.longspan.ingest.source.SourceRecord}: a document, or why there
 * is none at that place. Files may be compressed (gzip, bzip2, Zstandard) and archived (tar); one
 * format each stands in {@code WholeText}, {@code JsonLines}, {@code LineTexts}, {@code WikiPages}
 * and {@code ParquetRecords}. Nothing is ever unpacked onto the disk, and what unpacks to more than
 * {@link io.longspan.ingest.source.ReadLimits} allow is refused.
 */
@NullMarked
package io.longspan.ingest.source;

import org.jspecify.annotations.NullMarked;
