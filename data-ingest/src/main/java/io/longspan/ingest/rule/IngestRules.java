package io.longspan.ingest.rule;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.source.Columns;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which documents are kept, and what is done to them. The same rules give the same decisions in
 * each run; they belong to the identity of a data set.
 *
 * @param values what differs from {@link RuleKey#standard}, by the names of the keys
 */
public record IngestRules(SortedMap<String, String> values) {
    /** Nothing is left out that can be read. */
    public static final IngestRules STANDARD = new IngestRules(new TreeMap<>());

    /**
     * Checks the values and forgets those that are standard.
     *
     * @throws CorpusException naming the one that is wrong
     */
    public IngestRules {
        SortedMap<String, String> kept = new TreeMap<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            RuleKey key =
                    RuleKey.named(entry.getKey())
                            .orElseThrow(() ->
                                    new IllegalArgumentException("no rule " + entry.getKey()));
            check(key, entry.getValue());
            if (!entry.getValue().equals(key.standard())) {
                kept.put(key.label(), entry.getValue());
            }
        }
        values = Collections.unmodifiableSortedMap(kept);
    }

    private static void check(RuleKey key, String value) {
        switch (key) {
            case LONGER_THAN, PACKED_CHARACTERS -> number(key, value, 0, 1 << 28);
            case ONE_IN -> number(key, value, 1, 1_000_000);
            case VALIDATION_PERMILLE -> number(key, value, 0, 999);
            case QUALITY -> QualityRule.named(value);
            case ENCODING -> charset(value);
            case TEXT_COLUMN, ID_COLUMN, TITLE_COLUMN, URL_COLUMN, SPLIT_COLUMN -> {
                if (value.isBlank()) {
                    throw new CorpusException("'" + key.label() + "' is blank; name a column");
                }
            }
            case UNIQUE, LANGUAGE, PII, UNICODE, SPLIT, DROPPED, ON_DAMAGE -> {
                if (!key.allowed().contains(value)) {
                    throw new CorpusException(
                            "'"
                                    + key.label()
                                    + "' is '"
                                    + value
                                    + "'; it must be one of "
                                    + key.allowed());
                }
            }
        }
    }

    private static int number(RuleKey key, String value, int least, int most) {
        try {
            int found = Integer.parseInt(value);
            if (found >= least && found <= most) {
                return found;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new CorpusException(
                "'"
                        + key.label()
                        + "' is '"
                        + value
                        + "'; it must be a whole number from "
                        + least
                        + " to "
                        + most);
    }

    private static Optional<Charset> charset(String value) {
        if (value.equals(RuleKey.ENCODING.standard())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Charset.forName(value));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new CorpusException(
                    "'encoding' is '"
                            + value
                            + "', which Java does not know; name one such as 'windows-1252'",
                    e);
        }
    }

    /** With another value of one key. */
    public IngestRules with(RuleKey key, String value) {
        SortedMap<String, String> changed = new TreeMap<>(values);
        changed.put(key.label(), value);
        return new IngestRules(changed);
    }

    /** The value of a key. */
    public String value(RuleKey key) {
        return values.getOrDefault(key.label(), key.standard());
    }

    private int number(RuleKey key) {
        return Integer.parseInt(value(key));
    }

    /** Whether a text that stands earlier is left out. */
    public boolean unique() {
        return value(RuleKey.UNIQUE).equals("yes");
    }

    /** Sets of quality rules. */
    Set<QualityRule> quality() {
        return EnumSet.copyOf(QualityRule.named(value(RuleKey.QUALITY)));
    }

    /** Whether only English is kept. */
    boolean english() {
        return value(RuleKey.LANGUAGE).equals("en");
    }

    /** Documents of this many tokens or fewer are left out. */
    public int longerThan() {
        return number(RuleKey.LONGER_THAN);
    }

    int oneIn() {
        return number(RuleKey.ONE_IN);
    }

    boolean replacesPii() {
        return value(RuleKey.PII).equals("replace");
    }

    /** Whether Unicode is composed. */
    public boolean nfc() {
        return value(RuleKey.UNICODE).equals("nfc");
    }

    String split() {
        return value(RuleKey.SPLIT);
    }

    int validationPermille() {
        return number(RuleKey.VALIDATION_PERMILLE);
    }

    /** Whether documents that were left out are written beside the shards. */
    public boolean keepsDropped() {
        return value(RuleKey.DROPPED).equals("keep");
    }

    /** Whether damage in the source ends the run. */
    public boolean failsOnDamage() {
        return value(RuleKey.ON_DAMAGE).equals("fail");
    }

    /** Encoding of text that is not UTF-8. */
    public Optional<Charset> encoding() {
        return charset(value(RuleKey.ENCODING));
    }

    /** Characters of the documents that are made of pieces. */
    public int packedCharacters() {
        return number(RuleKey.PACKED_CHARACTERS);
    }

    /** Names of the members of rows. */
    public Columns columns() {
        return new Columns(
                value(RuleKey.TEXT_COLUMN),
                value(RuleKey.ID_COLUMN),
                value(RuleKey.TITLE_COLUMN),
                value(RuleKey.URL_COLUMN),
                value(RuleKey.SPLIT_COLUMN));
    }
}
