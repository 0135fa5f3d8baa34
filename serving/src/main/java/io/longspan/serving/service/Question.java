package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;

/**
 * What differs between the methods of the {@code Inference} service.
 *
 * @param <R> what the model gives
 * @param <A> what the client gets
 */
interface Question<R, A> {
    /** Checks the question and encodes its text; on the caller's thread. */
    TokenizedText tokenize(InferenceSession session);

    /** Runs the model; on a compute thread. */
    R run(InferenceSession session, TokenizedText text);

    /** The answer for the client. */
    A answer(CallInfo call, R result);
}
