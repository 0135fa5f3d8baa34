package io.longspan.ingest.source;

import java.nio.file.Path;

/**
 * A file of a source.
 *
 * @param location where it is
 * @param path relative to its source, with {@code /}; documents are named after it
 * @param bytes its length
 * @param modified when it changed last, in milliseconds
 */
public record SourceFile(Path location, String path, long bytes, long modified) {}
