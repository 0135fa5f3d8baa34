package io.longspan.model.encoder;

import io.longspan.model.config.LongformerConfig;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The workspaces of a model: as many as calls ever ran at once. The one used last is used next, so
 * a session that calls from one thread has one.
 */
final class Workspaces implements AutoCloseable {
    private final LongformerConfig config;
    private final int threads;
    private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

    Workspaces(LongformerConfig config, int threads) {
        this.config = config;
        this.threads = threads;
    }

    /** A workspace with room for so many tokens; {@link #giveBack} it. */
    Workspace take(int tokens) {
        Workspace space = idle.pollFirst();
        if (space == null) {
            space = new Workspace(config, threads);
        }
        space.fit(tokens);
        return space;
    }

    void giveBack(Workspace space) {
        idle.addFirst(space);
    }

    /** Closes those that are not in use. */
    @Override
    public void close() {
        for (Workspace space = idle.pollFirst(); space != null; space = idle.pollFirst()) {
            space.close();
        }
    }
}
