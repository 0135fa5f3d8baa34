package io.longspan.serving;

import io.longspan.attention.AttentionBackend;

/**
 * An open backend and why it was chosen.
 *
 * @param backend open
 * @param name stored with every inference
 * @param version stored with every inference
 * @param selectionReport how it was chosen, as JSON
 * @param closer closes the backend
 */
public record ChosenBackend(
        AttentionBackend backend,
        String name,
        String version,
        String selectionReport,
        Runnable closer)
        implements AutoCloseable {
    @Override
    public void close() {
        closer.run();
    }
}
