package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.List;
import java.util.Map;

/**
 * How questions are answered from documents.
 *
 * @param overlap tokens that neighbouring windows of a document share
 * @param longest most tokens of an answer
 * @param noAnswer whether questions without an answer are allowed, and may be answered so
 */
public record Answering(int overlap, int longest, boolean noAnswer) {
    static final List<String> KEYS = List.of("document_overlap", "longest_answer", "no_answer");

    /**
     * Checks.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public Answering {
        Need.that(overlap >= 0, "document_overlap", overlap, "0 or more");
        Need.that(longest >= 1, "longest_answer", longest, "1 or more");
    }

    static Answering parse(Settings from) {
        return new Answering(
                from.count("document_overlap", 128),
                from.count("longest_answer", 30),
                from.choice("no_answer", false));
    }

    void put(Map<String, String> all) {
        all.put("document_overlap", Integer.toString(overlap));
        all.put("longest_answer", Integer.toString(longest));
        all.put("no_answer", Boolean.toString(noAnswer));
    }
}
