package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.InferenceSession;
import java.util.List;

/**
 * What differs between the methods of the {@code Inference} service that run a model.
 *
 * @param <R> what the model gives
 * @param <A> what the client gets
 */
interface Question<R, A> {
    /** Checks the question and encodes its texts; on the caller's thread. */
    Asked tokenize(InferenceSession session);

    /** What the model is to do; asked once the question was found right. */
    Operation<R> operation(Asked asked);

    /**
     * The result of the whole; asked once all parts have run.
     *
     * @param parts one result per part, in their order
     */
    default R join(Asked asked, List<R> parts) {
        return parts.getFirst();
    }

    /** The answer for the client. */
    A answer(CallInfo call, R result);
}
