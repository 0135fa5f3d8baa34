package io.longspan.attention;

/**
 * A kernel's preparation for one layout and pattern. Immutable; usable by any number of layers
 * until it is closed. Using it after that, or after its backend was closed, is an {@link
 * IllegalStateException}.
 */
public interface AttentionPlan extends AutoCloseable {
    /** The layout it was made for. */
    SequenceLayout layout();

    /** The rows it was made for. */
    QueryRows rows();

    /** The workload it was made for; holds the pattern. */
    Workload workload();

    /** Bytes a call allocates beyond its tensors and its saved state, all threads together. */
    long workspaceBytes();

    @Override
    void close();
}
