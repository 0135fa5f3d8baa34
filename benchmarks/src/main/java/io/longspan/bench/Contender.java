package io.longspan.bench;

import java.util.List;

/** One way to compute the attention of a request, with its tensors in memory. */
interface Contender extends AutoCloseable {
    /** A forward pass as in inference. */
    void forward();

    /**
     * A forward and a backward pass.
     *
     * @return seconds of the backward pass alone where it can be told apart, or -1
     */
    double train();

    /** Bytes that it says it works in; they may lie in a heap that does not grow for them. */
    long workspaceBytes();

    /** The output of the last forward pass, [T, H, D]. */
    float[] output();

    /** The gradients of query, key and value by another {@link #train}, [T, H, D] each. */
    List<float[]> gradients();

    @Override
    void close();
}
