package io.longspan.ingest.rule;

import io.longspan.ingest.source.SourceRecord.Document;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What happens to a document between the source and the tokenizer, in two halves: {@link #prepare}
 * gives its text, which decides what is a duplicate; {@link #judge} applies the rules to what is
 * none. Thread-safe; a document's fate depends on the document alone.
 */
public final class Pipeline {
    private static final String MARK = "\uFEFF";
    private static final Set<String> VALIDATION = Set.of("val", "valid", "validation", "dev");

    private final Normalizer normalizer;
    private final IngestRules rules;
    private final long longest;
    private final Set<QualityRule> quality;

    /**
     * @param normalizer of the source
     * @param rules of the request
     * @param longest bytes above which a document is left out
     */
    public Pipeline(Normalizer normalizer, IngestRules rules, long longest) {
        this.normalizer = normalizer;
        this.rules = rules;
        this.longest = longest;
        this.quality = rules.quality();
    }

    /** A document with its text in the final form, or why there is none. */
    public sealed interface Prepared {
        /** It has a text. */
        record Text(Document document) implements Prepared {}

        /** It has none that can be used. */
        record Dropped(DropReason reason) implements Prepared {}
    }

    /** Normalises a document, and drops what is empty or too large. */
    public Prepared prepare(Document document) {
        if (tooLarge(document.text())) {
            return new Prepared.Dropped(DropReason.TOO_LARGE);
        }
        Document found = normalizer.normalized(document);
        return found.text().isBlank() || found.text().equals(MARK)
                ? new Prepared.Dropped(DropReason.EMPTY)
                : new Prepared.Text(found);
    }

    private boolean tooLarge(String text) {
        if (text.length() > longest) {
            return true;
        }
        if (text.length() * 3L <= longest) {
            return false;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes > longest;
    }

    /** Applies the rules to a document that {@link #prepare} gave; cheap ones come first. */
    public Verdict judge(Document document) {
        if (!rules.split().equals("all") && !split(document).equals(rules.split())) {
            return new Verdict.Drop(DropReason.OTHER_SPLIT);
        }
        if (rules.oneIn() > 1 && Draw.below(rules.oneIn(), "sample", document.key()) != 0) {
            return new Verdict.Drop(DropReason.NOT_DRAWN);
        }
        String text = document.text();
        if (rules.english() || quality.stream().anyMatch(rule -> rule != QualityRule.NONE)) {
            List<String> words = Words.of(text);
            Optional<DropReason> reason = reason(text, words);
            if (reason.isPresent()) {
                return new Verdict.Drop(reason.get());
            }
        }
        if (quality.contains(QualityRule.C4)) {
            switch (C4Rules.judge(text)) {
                case Verdict.Drop drop -> {
                    return drop;
                }
                case Verdict.Keep(String kept) -> text = kept;
            }
        }
        return new Verdict.Keep(rules.replacesPii() ? PersonalData.replaced(text) : text);
    }

    private Optional<DropReason> reason(String text, List<String> words) {
        if (rules.english() && !EnglishRule.passes(words)) {
            return Optional.of(DropReason.LANGUAGE);
        }
        Optional<DropReason> found = Optional.empty();
        if (quality.contains(QualityRule.GOPHER)) {
            found = GopherRules.PAGES.judge(text, words);
        }
        if (found.isEmpty() && quality.contains(QualityRule.GOPHER_BOOKS)) {
            found = GopherRules.BOOKS.judge(text, words);
        }
        if (found.isEmpty() && quality.contains(QualityRule.REPETITION)) {
            found = RepetitionRules.judge(text, words);
        }
        return found;
    }

    /**
     * The split a document belongs to: by hash where a share is set, else what its source says, and
     * the training split where that says nothing.
     */
    private String split(Document document) {
        if (rules.validationPermille() > 0) {
            return Draw.below(1000, "split", document.key()) < rules.validationPermille()
                    ? "validation"
                    : "train";
        }
        String own = document.split().toLowerCase(Locale.ROOT);
        return own.isEmpty() ? "train" : VALIDATION.contains(own) ? "validation" : own;
    }
}
