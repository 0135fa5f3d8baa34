package io.longspan.serving.service;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An answer of many messages, each made and sent when the client is ready for it, so that one who
 * reads slowly holds the result and not its messages. Thread-safe.
 */
final class ManyReply<A> implements Reply<Iterator<A>> {
    private final ServerCallStreamObserver<A> client;
    private @Nullable Iterator<A> rest;

    /** To be made while the call is being handed to the service. */
    ManyReply(ServerCallStreamObserver<A> client) {
        this.client = client;
        client.setOnReadyHandler(this::send);
    }

    @Override
    public boolean isGone() {
        return client.isCancelled();
    }

    @Override
    public synchronized void answer(Iterator<A> messages) {
        rest = messages;
        send();
    }

    @Override
    public void fail(StatusRuntimeException problem) {
        client.onError(problem);
    }

    private synchronized void send() {
        Iterator<A> messages = rest;
        if (messages == null || client.isCancelled()) {
            return;
        }
        while (client.isReady() && messages.hasNext()) {
            client.onNext(messages.next());
        }
        if (!messages.hasNext()) {
            rest = null;
            client.onCompleted();
        }
    }
}
