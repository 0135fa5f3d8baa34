package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Kinds of sources. */
public enum Corpus {
    /** Books, a {@code .txt} file each; what Project Gutenberg puts around them is taken off. */
    BOOKS(true),
    /** Plain text, a {@code .txt} file for each document. */
    TEXT(true),
    /** Open BookCorpus. */
    BOOKCORPUSOPEN(false),
    /** BookCorpus, a sentence for each row. */
    BOOKCORPUS(false),
    /** Dumps of Wikipedia. */
    WIKIPEDIA(false),
    /** RealNews. */
    REALNEWS(false),
    /** CC-Stories. */
    STORIES(false),
    /** JSON lines. */
    JSONL(false),
    /** Parquet. */
    PARQUET(false);

    private final boolean readable;

    Corpus(boolean readable) {
        this.readable = readable;
    }

    /** The name on the command line and in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this version can read it. */
    public boolean readable() {
        return readable;
    }

    /**
     * The corpus of a name.
     *
     * @throws CorpusException naming those that there are
     */
    public static Corpus named(String label) {
        return Arrays.stream(values())
                .filter(corpus -> corpus.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new CorpusException(
                                "corpus '"
                                        + label
                                        + "' is not known; name one of "
                                        + readableLabels()));
    }

    /**
     * The way to read it.
     *
     * @throws CorpusException when this version has none, naming those that it can read
     */
    CorpusReader reader() {
        return switch (this) {
            case BOOKS -> new TextReader(true);
            case TEXT -> new TextReader(false);
            case BOOKCORPUSOPEN, BOOKCORPUS, WIKIPEDIA, REALNEWS, STORIES, JSONL, PARQUET ->
                    throw new CorpusException(
                            "corpus '"
                                    + label()
                                    + "' cannot be read yet; this version reads "
                                    + readableLabels()
                                    + ", so turn it into text files first");
        };
    }

    private static String readableLabels() {
        return Arrays.stream(values())
                .filter(Corpus::readable)
                .map(corpus -> "'" + corpus.label() + "'")
                .collect(Collectors.joining(", "));
    }
}
