package io.longspan.model.bulk;

/**
 * What a run has come to.
 *
 * @param counts of the whole output
 * @param resumed documents that an earlier process had written; all of them when nothing was left
 *     to do
 * @param documents of this process
 * @param tokens of this process
 * @param seconds that this process worked
 */
public record BulkReport(
        BulkCounts counts, long resumed, long documents, long tokens, double seconds) {}
