package io.longspan.training.example;

import io.longspan.model.tokenizer.Encoding;

/**
 * A question with a part of its document. The truth is the answer's first and last token, both 0
 * where the part does not hold it whole.
 */
final class AnswerWindow extends EncodedExample {
    private final Question question;
    private final Encoding document;
    private final int from;
    private final int count;
    private final int before;

    /**
     * A window.
     *
     * @param document the whole document, without special tokens
     * @param from first token of the document in the window
     * @param count tokens of the document in the window
     * @param before tokens of the window that come before the document
     */
    AnswerWindow(
            long[] ids,
            float[] truth,
            Question question,
            Encoding document,
            int from,
            int count,
            int before) {
        super("question '" + question.id() + "'", ids, truth);
        this.question = question;
        this.document = document;
        this.from = from;
        this.count = count;
        this.before = before;
    }

    Question question() {
        return question;
    }

    int before() {
        return before;
    }

    int count() {
        return count;
    }

    /** The text from one token of the document's part to another. */
    String text(int first, int last) {
        String all = question.document();
        int start = all.offsetByCodePoints(0, document.start(from + first));
        return all.substring(
                start,
                all.offsetByCodePoints(
                        start, document.end(from + last) - document.start(from + first)));
    }
}
