package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/**
 * What differs between the methods of the {@code Inference} service that run a model.
 *
 * @param <R> what the model gives
 * @param <A> what the client gets
 */
interface Question<R, A> {
    /** Checks the question and encodes its texts; on the caller's thread. */
    List<TokenizedText> tokenize(InferenceSession session);

    /** What the model is to do; asked once the question was found right. */
    Operation<R> operation();

    /** The answer for the client. */
    A answer(CallInfo call, R result);
}
