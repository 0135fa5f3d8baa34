package io.longspan.corpus;

import java.util.List;

/**
 * What reading a whole data set back has shown.
 *
 * @param shards looked at
 * @param documents that the manifest counts
 * @param tokens that the manifest counts
 * @param bytes read
 * @param problems one sentence each; empty when the data set is whole
 */
public record Validation(
        int shards, long documents, long tokens, long bytes, List<String> problems) {
    /** Copies the list. */
    public Validation {
        problems = List.copyOf(problems);
    }

    /** Whether nothing is wrong. */
    public boolean whole() {
        return problems.isEmpty();
    }
}
