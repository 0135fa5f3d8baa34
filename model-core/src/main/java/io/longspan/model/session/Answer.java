package io.longspan.model.session;

/**
 * A part of a document that may answer a question.
 *
 * @param start first code point of the part in the document
 * @param end first code point after it
 * @param score sum of the scores of its first and its last token; larger is better
 */
public record Answer(int start, int end, float score) {}
