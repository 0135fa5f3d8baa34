package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;

/**
 * A batch run forwards so that it can be gone back through, once, layer by layer: the graph that
 * the engine records is cut between layers, so that each is walked and let go alone, by the engine
 * or by hand. One thread; closed by whoever asked for it, before the backend.
 */
public sealed interface EncoderPass extends AutoCloseable permits EnginePass, WrittenPass {
    /** Stands for the embeddings where a layer is named. */
    int EMBEDDINGS = -1;

    /**
     * The hidden state after the last layer, and after the last normalisation of a pre-norm model,
     * [T, N], a leaf: go back from a loss to it, then call {@link #backward}. Stays the pass's.
     */
    NDArray output();

    /**
     * Goes back from the gradient that the output gathered: adds the gradients of the weights from
     * the lowest layer on to theirs. Once.
     */
    void backward();

    @Override
    void close();
}
