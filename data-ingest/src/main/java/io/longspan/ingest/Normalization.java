package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import java.util.Arrays;
import java.util.Locale;

/** What is done to a text before it is tokenised. */
public enum Normalization {
    /** Nothing: a byte order mark and carriage returns become tokens. */
    NONE,
    /**
     * The byte order mark goes, lines end with line feeds; of a book also what Project Gutenberg
     * puts around the text and blank lines at both ends.
     */
    STANDARD;

    /** The name on the command line and in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of a name.
     *
     * @throws CorpusException naming those that there are
     */
    public static Normalization named(String label) {
        return Arrays.stream(values())
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new CorpusException(
                                "normalization '"
                                        + label
                                        + "' is not known; name 'none' or 'standard'"));
    }
}
