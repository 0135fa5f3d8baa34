package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.serving.model.ServedModel;

/**
 * What differs between the methods of the {@code Inference} service that need a model's tokenizer
 * only. They run on the caller's thread.
 *
 * @param <R> what the tokenizer gives
 * @param <A> what the client gets
 */
interface TextQuestion<R, A> {
    /** Most tokens in or out. */
    int MOST_TOKENS = 1 << 18;

    /** Checks the question and runs the tokenizer. */
    R run(ServedModel model);

    /** Tokens that went in or came out. */
    int tokens(R result);

    /** The answer for the client. */
    A answer(CallInfo call, ServedModel model, R result);
}
