package io.longspan.attention;

/**
 * What is the same in every backend whose provider's declaration says all there is to say about
 * workloads: it is open until it is closed, and it refuses what was not declared. Extend it beside
 * {@link ComposedBackend} or {@link KernelBackend}; a backend with reasons of its own does without.
 * Safe for use by several threads at once.
 */
public abstract class DeclaredBackend {
    private final String name;
    private final Capabilities capabilities;
    private volatile boolean closed;

    /** A backend that its provider makes. */
    protected DeclaredBackend(AttentionBackendProvider provider) {
        name = provider.name();
        capabilities = provider.capabilities();
    }

    /** The declaration's answer for a workload. */
    public final Support supports(Workload workload) {
        requireOpen();
        return capabilities.check(workload);
    }

    /** From now on every use is refused; harmless twice. */
    public void close() {
        closed = true;
    }

    /**
     * To be called before anything is computed.
     *
     * @throws IllegalStateException when the backend is closed
     * @throws UnsupportedWorkloadException when the workload was not declared
     */
    protected final void admit(Workload workload) {
        supports(workload).orThrow(name);
    }

    /** Throws an {@link IllegalStateException} when the backend is closed. */
    protected final void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "attention backend '" + name + "' is closed; create another from its provider");
        }
    }
}
