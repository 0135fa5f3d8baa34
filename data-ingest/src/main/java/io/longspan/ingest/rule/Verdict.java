package io.longspan.ingest.rule;

/** What rules make of a document. */
public sealed interface Verdict {
    /**
     * It stays.
     *
     * @param text what is left of it
     */
    record Keep(String text) implements Verdict {}

    /**
     * It goes.
     *
     * @param reason why
     */
    record Drop(DropReason reason) implements Verdict {}
}
