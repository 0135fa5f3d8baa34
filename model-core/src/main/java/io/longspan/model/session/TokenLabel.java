package io.longspan.model.session;

/**
 * The class of one token.
 *
 * @param start first code point of the token in the text
 * @param end first code point after it
 * @param label the checkpoint's name for the class
 * @param probability softmax over the classes
 */
public record TokenLabel(int start, int end, String label, float probability) {}
