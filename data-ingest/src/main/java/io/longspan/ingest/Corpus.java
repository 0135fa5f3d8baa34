package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.ParquetMemory;
import io.longspan.ingest.rule.Boilerplate;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.Normalizer;
import io.longspan.ingest.rule.Pipeline;
import io.longspan.ingest.rule.RuleKey;
import io.longspan.ingest.source.Columns;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.ReadLimits;
import io.longspan.ingest.source.SourceShape;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Kinds of sources. */
public enum Corpus {
    /**
     * Books, a {@code .txt} file each, perhaps in archives; what Project Gutenberg puts around them
     * is taken off.
     */
    BOOKS(SourceShape.TEXT_FILES, Boilerplate.GUTENBERG),
    /** Plain text, a {@code .txt} file for each document, perhaps in archives. */
    TEXT(SourceShape.TEXT_FILES, Boilerplate.NONE),
    /** Open BookCorpus: an archive or a folder of {@code .txt} files, or Parquet. */
    BOOKCORPUSOPEN(SourceShape.NAMED_TEXT_FILES, Boilerplate.SMASHWORDS),
    /** BookCorpus: a sentence for each line or row, without borders of books. */
    BOOKCORPUS(SourceShape.PIECES, Boilerplate.TREEBANK),
    /** Wikipedia: dumps, or Parquet. */
    WIKIPEDIA(SourceShape.WIKIPEDIA, Boilerplate.WIKITEXT),
    /** RealNews: JSON lines. */
    REALNEWS(SourceShape.JSON_LINES, Boilerplate.NONE),
    /** CC-Stories: text without borders, or Parquet with a story for each row. */
    STORIES(SourceShape.LINES_OR_ROWS, Boilerplate.NONE),
    /** JSON lines. */
    JSONL(SourceShape.JSON_LINES, Boilerplate.NONE),
    /** Parquet. */
    PARQUET(SourceShape.ROWS, Boilerplate.NONE);

    private final SourceShape shape;
    private final Boilerplate boilerplate;

    Corpus(SourceShape shape, Boilerplate boilerplate) {
        this.shape = shape;
        this.boilerplate = boilerplate;
    }

    /** The name on the command line and in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
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
                                "corpus '" + label + "' is not known; name one of " + labels()));
    }

    private static String labels() {
        return Arrays.stream(values())
                .map(corpus -> "'" + corpus.label() + "'")
                .collect(Collectors.joining(", "));
    }

    /**
     * The rules of a profile: {@code all} keeps everything; {@code paper} is what the Longformer
     * paper did (Beltagy et al. 2020, appendix C): of RealNews the documents of more than 1,200
     * tokens and of these a third, of Stories a third.
     *
     * @throws CorpusException when there is no profile of that name
     */
    public IngestRules profile(String name) {
        return switch (name) {
            case "all" -> IngestRules.STANDARD;
            case "paper" ->
                    switch (this) {
                        case REALNEWS ->
                                IngestRules.STANDARD
                                        .with(RuleKey.LONGER_THAN, "1200")
                                        .with(RuleKey.ONE_IN, "3");
                        case STORIES -> IngestRules.STANDARD.with(RuleKey.ONE_IN, "3");
                        case BOOKS, TEXT, BOOKCORPUSOPEN, BOOKCORPUS, WIKIPEDIA, JSONL, PARQUET ->
                                IngestRules.STANDARD;
                    };
            default ->
                    throw new CorpusException(
                            "profile '" + name + "' is not known; name 'all' or 'paper'");
        };
    }

    /** The way to read it. */
    CorpusReader reader(IngestSettings settings) {
        Columns columns = settings.rules().columns();
        // A row of Open BookCorpus has the name of the book's file as its title.
        boolean named = this == BOOKCORPUSOPEN && columns.equals(Columns.STANDARD);
        return new CorpusReader(
                shape,
                named ? new Columns("text", "title", "title", "url", "split") : columns,
                this == WIKIPEDIA ? "CC BY-SA 4.0" : "",
                settings.rules().packedCharacters(),
                new ReadLimits(settings.longestDocument(), settings.rules().encoding()),
                new ParquetMemory(ParquetMemory.STANDARD_MEBIBYTES));
    }

    /** What is done to its documents. */
    Pipeline pipeline(IngestSettings settings) {
        IngestRules rules = settings.rules();
        boolean standard = settings.normalization() == Normalization.STANDARD;
        return new Pipeline(
                new Normalizer(boilerplate, standard, rules.nfc()),
                rules,
                settings.longestDocument());
    }
}
