package io.longspan.serving.service;

import io.grpc.StatusRuntimeException;

/** Where the answer of one question goes. Exactly one of the two is called, once. */
interface Reply<A> {
    /** Whether nobody waits for it any more. */
    boolean isGone();

    /** The answer. */
    void answer(A answer);

    /** Why there is none. */
    void fail(StatusRuntimeException problem);
}
