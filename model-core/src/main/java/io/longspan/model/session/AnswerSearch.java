package io.longspan.model.session;

/**
 * How answers are looked for (paper, appendix D): among the best first and the best last tokens of
 * the document, the pairs in the right order that are not too long, by the sum of their scores.
 *
 * @param answers how many answers are wanted, 1 to {@link InferenceSession#MOST_GUESSES}
 * @param candidates how many first and how many last tokens are looked at
 * @param longest most tokens of an answer
 */
public record AnswerSearch(int answers, int candidates, int longest) {
    /** One answer, of the 20 best tokens each way and at most 30 tokens long. */
    public static final AnswerSearch DEFAULT = new AnswerSearch(1, 20, 30);

    /**
     * Checks the numbers.
     *
     * @throws InferenceRefusedException when one is out of range
     */
    public AnswerSearch {
        check("answers", answers, InferenceSession.MOST_GUESSES);
        check("candidates", candidates, 1000);
        check("tokens of an answer", longest, 1 << 20);
    }

    private static void check(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new InferenceRefusedException(
                    InferenceRefusedException.Reason.TOP_K,
                    "the number of " + what + " is " + value + "; it must be from 1 to " + most);
        }
    }
}
