package io.longspan.ingest.source;

import java.util.List;

/**
 * What one cursor reads: some files, or a part of one.
 *
 * @param files in their order
 * @param digests of the files, SHA-256 in hex
 * @param from first byte, or row of a Parquet file; 0 where whole files are read
 * @param to byte or row behind the last; negative for the end
 */
public record ReadPart(List<SourceFile> files, List<String> digests, long from, long to) {
    /** Copies the lists. */
    public ReadPart {
        files = List.copyOf(files);
        digests = List.copyOf(digests);
    }

    /** Whether whole files are read. */
    boolean whole() {
        return from == 0 && to < 0;
    }

    long end(SourceFile file) {
        return to < 0 ? file.bytes() : to;
    }
}
