package io.longspan.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads one kind of corpus. Thread-safe. */
interface CorpusReader {
    /**
     * The files of a source, in the order of their documents.
     *
     * @throws io.longspan.corpus.CorpusException when there is nothing to read
     */
    List<SourceFile> list(List<Path> sources) throws IOException;

    /**
     * Turns the content of a file into its document.
     *
     * @param file where it stands
     * @param content its bytes
     * @param normalization what to do to the text
     */
    Reading read(SourceFile file, byte[] content, Normalization normalization);

    /** A document, or why there is none. */
    sealed interface Reading {
        /** Text to be tokenised, and what is known about it. */
        record Text(String text, String title, String url, String licence) implements Reading {}

        /** Left out. */
        record Dropped(DropReason reason) implements Reading {}
    }

    /**
     * A file of a source.
     *
     * @param location where it is
     * @param path relative to its source, with {@code /}; it identifies the document
     * @param bytes its length
     * @param modified when it changed last, in milliseconds
     */
    record SourceFile(Path location, String path, long bytes, long modified) {}
}
