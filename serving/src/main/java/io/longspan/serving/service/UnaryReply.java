package io.longspan.serving.service;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/** The one answer of a call. */
record UnaryReply<A>(ServerCallStreamObserver<A> client) implements Reply<A> {
    @Override
    public boolean isGone() {
        return client.isCancelled();
    }

    @Override
    public void answer(A answer) {
        client.onNext(answer);
        client.onCompleted();
    }

    @Override
    public void fail(StatusRuntimeException problem) {
        client.onError(problem);
    }
}
