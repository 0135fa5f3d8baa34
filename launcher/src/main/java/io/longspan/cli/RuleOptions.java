package io.longspan.cli;

import io.longspan.ingest.Corpus;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.RuleKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which documents an ingest keeps, and what it does to them. */
final class RuleOptions {
    @Option(
            names = "--profile",
            defaultValue = "all",
            paramLabel = "NAME",
            description = {
                "all: keep everything.",
                "paper: of realnews the documents of more than 1200 tokens and of these a third, of stories a third.",
                "The options below win over it. Default: ${DEFAULT-VALUE}."
            })
    private String profile;

    @Option(
            names = "--unique",
            description = "Leave out texts that stand earlier in the source; reads it twice.")
    private boolean unique;

    @Option(
            names = "--quality",
            paramLabel = "SETS",
            description =
                    "Sets of quality rules, with commas between: gopher, gopher-books (no upper limit of words), repetition, c4.")
    private @Nullable String quality;

    @Option(
            names = "--language",
            paramLabel = "any|en",
            description = "en: leave out what does not look like English.")
    private @Nullable String language;

    @Option(
            names = "--longer-than",
            paramLabel = "TOKENS",
            description = "Leave out documents of so many tokens or fewer.")
    private @Nullable String longerThan;

    @Option(
            names = "--one-in",
            paramLabel = "N",
            description = "Keep one document in N, drawn by the hash of its id.")
    private @Nullable String oneIn;

    @Option(
            names = "--replace-pii",
            description = "Replace addresses of e-mail and public IP addresses.")
    private boolean replacePii;

    @Option(names = "--nfc", description = "Compose Unicode (normalisation form C).")
    private boolean nfc;

    @Option(
            names = "--split",
            paramLabel = "all|train|validation",
            description =
                    "The split to write; what the source calls val, valid, dev is validation.")
    private @Nullable String split;

    @Option(
            names = "--validation-permille",
            paramLabel = "N",
            description =
                    "Of a thousand documents N are validation, drawn by the hash of their ids.")
    private @Nullable String validationPermille;

    @Option(
            names = "--keep-dropped",
            description = "Write what was left out to .dropped.jsonl.gz beside the shards.")
    private boolean keepDropped;

    @Option(
            names = "--on-damage",
            paramLabel = "skip|fail",
            description =
                    "What a damaged file, row or page does. Default: skip, counted and logged.")
    private @Nullable String onDamage;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of text that is neither UTF-8 nor has a byte order mark.")
    private @Nullable String encoding;

    @Option(
            names = "--packed-characters",
            paramLabel = "N",
            description = "Length of the documents that are made of sentences. Default: 262144.")
    private @Nullable String packedCharacters;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Rows: the text. Default: text.")
    private @Nullable String textColumn;

    @Option(names = "--id-column", paramLabel = "NAME", description = "Rows: the id. Default: id.")
    private @Nullable String idColumn;

    @Option(
            names = "--title-column",
            paramLabel = "NAME",
            description = "Rows: the title. Default: title.")
    private @Nullable String titleColumn;

    @Option(
            names = "--url-column",
            paramLabel = "NAME",
            description = "Rows: the address. Default: url.")
    private @Nullable String urlColumn;

    @Option(
            names = "--split-column",
            paramLabel = "NAME",
            description = "Rows: the split. Default: split.")
    private @Nullable String splitColumn;

    IngestRules rules(Corpus corpus) {
        IngestRules rules = corpus.profile(profile);
        rules = with(rules, RuleKey.UNIQUE, unique ? "yes" : null);
        rules = with(rules, RuleKey.QUALITY, quality);
        rules = with(rules, RuleKey.LANGUAGE, language);
        rules = with(rules, RuleKey.LONGER_THAN, longerThan);
        rules = with(rules, RuleKey.ONE_IN, oneIn);
        rules = with(rules, RuleKey.PII, replacePii ? "replace" : null);
        rules = with(rules, RuleKey.UNICODE, nfc ? "nfc" : null);
        rules = with(rules, RuleKey.SPLIT, split);
        rules = with(rules, RuleKey.VALIDATION_PERMILLE, validationPermille);
        rules = with(rules, RuleKey.DROPPED, keepDropped ? "keep" : null);
        rules = with(rules, RuleKey.ON_DAMAGE, onDamage);
        rules = with(rules, RuleKey.ENCODING, encoding);
        rules = with(rules, RuleKey.PACKED_CHARACTERS, packedCharacters);
        rules = with(rules, RuleKey.TEXT_COLUMN, textColumn);
        rules = with(rules, RuleKey.ID_COLUMN, idColumn);
        rules = with(rules, RuleKey.TITLE_COLUMN, titleColumn);
        rules = with(rules, RuleKey.URL_COLUMN, urlColumn);
        return with(rules, RuleKey.SPLIT_COLUMN, splitColumn);
    }

    private static IngestRules with(IngestRules rules, RuleKey key, @Nullable String value) {
        return value == null ? rules : rules.with(key, value);
    }
}
