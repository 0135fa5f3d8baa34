package io.longspan.serving.model;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use a model until it is closed: as long as one is held, the model stays open. */
public final class Lease implements AutoCloseable {
    private final LoadedModel loaded;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Lease(LoadedModel loaded) {
        this.loaded = loaded;
    }

    /** Another right to the same model, while this one is held; ends on its own. */
    public Lease again() {
        return loaded.again();
    }

    /** Open until this is closed. */
    public ServedModel model() {
        return loaded.model();
    }

    /** Gives the right back; a second time changes nothing. */
    @Override
    public void close() {
        if (held.compareAndSet(true, false)) {
            loaded.leave();
        }
    }
}
