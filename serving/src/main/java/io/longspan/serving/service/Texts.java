package io.longspan.serving.service;

import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;

/** Texts that may be pairs. */
final class Texts {
    private Texts() {}

    /** A text, or a pair when the second is not empty. */
    static TokenizedText tokenize(InferenceSession session, String text, String pair) {
        return pair.isEmpty() ? session.tokenize(text) : session.tokenizePair(text, pair);
    }
}
