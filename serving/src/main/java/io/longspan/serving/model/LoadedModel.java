package io.longspan.serving.model;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A model and how many use it. Once it is retired nobody new gets it, and the last one who leaves
 * closes it. Thread-safe.
 */
final class LoadedModel {
    private final ServedModel model;
    private final long bytes;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int users;
    private boolean retired;

    LoadedModel(ServedModel model, long bytes) {
        this.model = model;
        this.bytes = bytes;
    }

    ServedModel model() {
        return model;
    }

    /** Memory that it is expected to take. */
    long bytes() {
        return bytes;
    }

    /** Nothing when it is retired. */
    synchronized Optional<Lease> enter() {
        if (retired) {
            return Optional.empty();
        }
        users++;
        return Optional.of(new Lease(this));
    }

    /** For somebody who is inside, also when it is retired. */
    synchronized Lease again() {
        if (users < 1) {
            throw new IllegalStateException("nobody holds the model");
        }
        users++;
        return new Lease(this);
    }

    void leave() {
        closeIf(last(-1, false));
    }

    /** Lets nobody in any more. */
    void retire() {
        closeIf(last(0, true));
    }

    /** Done when it was retired, the last one has left, and the model is closed. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    private synchronized boolean last(int change, boolean retire) {
        boolean before = retired && users == 0;
        users += change;
        retired |= retire;
        return !before && retired && users == 0;
    }

    private void closeIf(boolean last) {
        if (!last) {
            return;
        }
        try {
            model.close();
            closed.complete(null);
        } catch (RuntimeException e) {
            closed.completeExceptionally(e);
        }
    }
}
