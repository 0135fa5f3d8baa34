package io.longspan.attention;

/**
 * What a provider gets to make a backend.
 *
 * @param options checked against the provider's declarations
 * @param device that will hold the tensors
 * @param threads that a CPU backend may use at once, at least 1
 */
public record BackendContext(BackendOptions options, Device device, int threads) {
    /** Checks the thread count. */
    public BackendContext {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
        }
    }
}
