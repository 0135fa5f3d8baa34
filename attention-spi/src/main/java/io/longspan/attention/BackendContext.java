package io.longspan.attention;

import io.longspan.attention.compute.ComputeCrew;
import org.jspecify.annotations.Nullable;

/**
 * What a provider gets to make a backend.
 *
 * @param options checked against the provider's declarations
 * @param device that will hold the tensors
 * @param threads that a CPU backend may use at once, at least 1
 * @param crew the threads of this process that compute, as many as {@code threads}, to run jobs on
 *     and not to close; or null, and a backend that wants threads makes its own. It outlives the
 *     backend
 */
public record BackendContext(
        BackendOptions options, Device device, int threads, @Nullable ComputeCrew crew) {
    /** Checks the thread count. */
    public BackendContext {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
        }
        if (crew != null && crew.threads() != threads) {
            throw new IllegalArgumentException(
                    "threads is " + threads + " and the crew has " + crew.threads());
        }
    }

    /** A context without a crew. */
    public BackendContext(BackendOptions options, Device device, int threads) {
        this(options, device, threads, null);
    }

    /** A context with the threads of this process. */
    public BackendContext(BackendOptions options, Device device, ComputeCrew crew) {
        this(options, device, crew.threads(), crew);
    }
}
