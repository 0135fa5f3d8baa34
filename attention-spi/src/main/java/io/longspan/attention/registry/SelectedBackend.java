package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Capabilities;

/**
 * An open backend and why it was chosen. Whoever asked for it closes it.
 *
 * @param backend open
 * @param name stored with every inference and run
 * @param version stored with every inference and run
 * @param capabilities as declared
 * @param report how it was chosen
 */
public record SelectedBackend(
        AttentionBackend backend,
        String name,
        String version,
        Capabilities capabilities,
        SelectionReport report)
        implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SelectedBackend.class.getName());

    /**
     * Closes the backend. Its work is done by then, so a stranger's backend that fails here is a
     * warning, not an error.
     */
    @Override
    public void close() {
        try {
            backend.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "attention backend '" + name + "' failed while closing",
                    e);
        }
    }
}
