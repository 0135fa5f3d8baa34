package io.longspan.ingest.rule;

import java.util.Locale;

/** Why a document was left out. */
public enum DropReason {
    /** Nothing but white space was left of it. */
    EMPTY,
    /** Neither UTF-8 nor UTF-16 with a byte order mark, and no other encoding was named. */
    UNDECODABLE,
    /** Longer than the longest document. */
    TOO_LARGE,
    /** The file is damaged here: cut off, no JSON, no XML, no Parquet. */
    CORRUPT,
    /** The row has no text, or something else than text in its place. */
    NO_TEXT,
    /** An archive inside an archive, which is not opened. */
    NESTED_ARCHIVE,
    /** A page of Wikipedia that points to another. */
    REDIRECT,
    /** A page of Wikipedia that is no article: talk, users, templates. */
    NAMESPACE,
    /** A page of Wikipedia that lists what a word may mean. */
    DISAMBIGUATION,
    /** The same text stands earlier in the source. */
    DUPLICATE,
    /** It belongs to the split that was not asked for. */
    OTHER_SPLIT,
    /** It was not drawn. */
    NOT_DRAWN,
    /** It has too few tokens. */
    TOO_SHORT,
    /** It does not look like the language that was asked for. */
    LANGUAGE,
    /** Gopher: fewer than 50 or more than 100,000 words. */
    GOPHER_WORD_COUNT,
    /** Gopher: words are too short or too long on average. */
    GOPHER_WORD_LENGTH,
    /** Gopher: too many hash signs or ellipses for its words. */
    GOPHER_SYMBOLS,
    /** Gopher: nearly all lines begin with a bullet. */
    GOPHER_BULLETS,
    /** Gopher: too many lines end with an ellipsis. */
    GOPHER_ELLIPSES,
    /** Gopher: too many words without a letter. */
    GOPHER_ALPHABETIC,
    /** Gopher: none of the most common English words. */
    GOPHER_STOP_WORDS,
    /** Gopher: too many lines or paragraphs occur twice. */
    REPEATED_LINES,
    /** Gopher: one sequence of words makes up too much of it. */
    REPEATED_WORDS,
    /** C4: a place holder in Latin. */
    C4_LOREM_IPSUM,
    /** C4: a curly bracket, so code. */
    C4_CURLY_BRACKET,
    /** C4: fewer than five sentences are left. */
    C4_FEW_SENTENCES;

    /** The name in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it says that the source is damaged, so that a strict run fails on it. */
    public boolean damage() {
        return this == CORRUPT || this == UNDECODABLE;
    }
}
