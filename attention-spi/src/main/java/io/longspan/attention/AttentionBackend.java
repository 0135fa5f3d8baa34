package io.longspan.attention;

/**
 * One layer's attention, in one of two kinds: composed of NDArray operations that DJL
 * differentiates, or a kernel on raw memory with an explicit backward.
 *
 * <p>For each LOCAL row a backend computes one softmax over the keys that {@link AttentionPattern}
 * describes; a global key counts once, and never through the window. GLOBAL and MASKED rows come
 * back as zeros with log-sum-exp minus infinity, and so does a LOCAL row whose every key has bias
 * minus infinity. MASKED keys and keys of other sequences contribute nothing even when they hold
 * NaN or infinity; keys of the same sequence out of reach may be assumed finite. Inputs are never
 * written.
 *
 * <p>Calls may come from one thread at a time unless {@link Guarantee#CONCURRENT} is given. Whoever
 * created the backend closes it; closing twice is harmless, use after closing is an {@link
 * IllegalStateException}.
 */
public sealed interface AttentionBackend extends AutoCloseable
        permits ComposedBackend, KernelBackend {
    /**
     * The exact answer for a workload. It agrees with the provider's {@link Capabilities#check
     * declaration} on features and may add reasons that a declaration cannot express.
     */
    Support supports(Workload workload);

    @Override
    void close();
}
