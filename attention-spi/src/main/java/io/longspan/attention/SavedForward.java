package io.longspan.attention;

/**
 * What a kernel's forward pass keeps for its backward pass. The backend's; used once; closed by
 * whoever asked for it.
 */
public interface SavedForward extends AutoCloseable {
    /** Bytes held until it is closed. */
    long bytes();

    @Override
    void close();
}
