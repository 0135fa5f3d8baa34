package io.longspan.ingest.source;

import java.util.Arrays;
import java.util.Locale;

/** How the documents of a corpus stand in its files, whatever they are compressed with. */
public enum SourceShape {
    /** A text file is a document; its path identifies it. */
    TEXT_FILES(".txt", ".txt", false),
    /** A text file or a row is a document; its own name identifies it. */
    NAMED_TEXT_FILES(".txt, .tar.gz or .parquet", ".txt", true),
    /** Lines or rows without borders of documents. */
    PIECES(".txt, .tar.bz2 or .parquet", ".txt", true),
    /** Lines are documents cut by size; rows of Parquet are documents. */
    LINES_OR_ROWS(".txt or .parquet", ".txt", true),
    /** A line is a JSON object. */
    JSON_LINES(".jsonl, .jsonl.gz, .jsonl.zst or .tar.gz", ".jsonl .json", false),
    /** Dumps of Wikipedia, and what was made of them in Parquet. */
    WIKIPEDIA(".xml, .xml.bz2 or .parquet", ".xml", true),
    /** Parquet. */
    ROWS(".parquet", "", true);

    private final String ends;

    /** Ends of names with spaces between. */
    private final String inner;

    private final boolean parquet;

    SourceShape(String ends, String inner, boolean parquet) {
        this.ends = ends;
        this.inner = inner;
        this.parquet = parquet;
    }

    String ends() {
        return ends;
    }

    /** Whether a file of a folder is read; an archive is looked into. */
    boolean wants(String name) {
        FileNaming naming = FileNaming.of(name);
        if (naming.parquet()) {
            return parquet;
        }
        return naming.archive() ? !inner.isEmpty() : wantsInside(naming.inner());
    }

    /** Whether a file without its compression, or an entry of an archive, is read. */
    boolean wantsInside(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (this == WIKIPEDIA) {
            // Parts are called ...xml-p1p41242, and the list of a dump's offsets is no part of it.
            return lower.contains(".xml");
        }
        if (this == NAMED_TEXT_FILES && lower.matches(".*urls?(?:list)?\\.txt")) {
            // The archive of Open BookCorpus holds the list of where its books were.
            return false;
        }
        return !inner.isEmpty() && Arrays.stream(inner.split(" ")).anyMatch(lower::endsWith);
    }
}
