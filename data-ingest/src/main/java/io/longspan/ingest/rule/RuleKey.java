package io.longspan.ingest.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that say which documents are kept, and what is done to them. */
public enum RuleKey {
    /** Whether a text that stands earlier in the source is left out. */
    UNIQUE("no", "yes", "no"),
    /** Sets of quality rules, with commas between: those of {@link QualityRule}. */
    QUALITY("none"),
    /** {@code en} keeps what looks like English. */
    LANGUAGE("any", "any", "en"),
    /** Documents of this many tokens or fewer are left out. */
    LONGER_THAN("0"),
    /** One document in so many is kept, drawn by the hash of its key. */
    ONE_IN("1"),
    /** Whether addresses of e-mail and public IP addresses are replaced. */
    PII("keep", "keep", "replace"),
    /** Unicode normalisation. */
    UNICODE("as-is", "as-is", "nfc"),
    /** The split that is written. */
    SPLIT("all", "all", "train", "validation"),
    /** Thousandths of the documents that are validation; 0 leaves it to the source. */
    VALIDATION_PERMILLE("0"),
    /** Whether documents that were left out are written beside the shards. */
    DROPPED("count", "count", "keep"),
    /** What damage in the source does. */
    ON_DAMAGE("skip", "skip", "fail"),
    /** Encoding of text that is not UTF-8. */
    ENCODING("none"),
    /** Characters of the documents that are made of pieces. */
    PACKED_CHARACTERS("262144"),
    /** Member of a row: the text. */
    TEXT_COLUMN("text"),
    /** Member of a row: its id. */
    ID_COLUMN("id"),
    /** Member of a row: its title. */
    TITLE_COLUMN("title"),
    /** Member of a row: its address. */
    URL_COLUMN("url"),
    /** Member of a row: its split. */
    SPLIT_COLUMN("split");

    private final String standard;

    /** Values with spaces between. */
    private final String allowed;

    RuleKey(String standard, String... allowed) {
        this.standard = standard;
        this.allowed = String.join(" ", allowed);
    }

    /** The name in requests and manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value where nothing is said. */
    public String standard() {
        return standard;
    }

    /** The values that there are; empty where it is a number or a name. */
    List<String> allowed() {
        return List.of(allowed.split(" "));
    }

    /** The key of a name. */
    public static Optional<RuleKey> named(String label) {
        return Arrays.stream(values()).filter(key -> key.label().equals(label)).findFirst();
    }
}
