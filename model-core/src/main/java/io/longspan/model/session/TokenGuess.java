package io.longspan.model.session;

/**
 * A token that may stand behind a mask.
 *
 * @param id in the vocabulary
 * @param text of the token with the space that it begins with; empty for an id without a token
 * @param probability softmax over the whole vocabulary
 */
public record TokenGuess(int id, String text, float probability) {}
