package io.longspan.training.data;

/**
 * What an objective wants of a sequence.
 *
 * @param content most tokens of the data set in it
 * @param special tokens that the objective adds
 * @param separator whether the end-of-sequence id of a document is content; if not, the objective
 *     adds one
 */
public record Cut(int content, int special, boolean separator) {}
