package io.longspan.admin.playground;

/**
 * What a reader asks.
 *
 * @param task what to do with the text
 * @param model name; empty for the server's default
 * @param text the text, or the document
 * @param second the question, or the text to compare with
 * @param layer whose attention is wanted
 * @param head whose attention is wanted
 * @param token whose attention is wanted
 */
public record Question(
        Task task, String model, String text, String second, int layer, int head, int token) {
    /** What can be done. */
    public enum Task {
        /** Predict what stands behind every mask. */
        FILL_MASK,
        /** Say to which classes the text belongs. */
        CLASSIFY,
        /** Find the answer to the second text. */
        ANSWER,
        /** Compare the vectors of both texts. */
        COMPARE,
        /** Show the tokens. */
        TOKENS,
        /** Show what a token attends to. */
        ATTENTION
    }
}
