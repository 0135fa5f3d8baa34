package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;

/**
 * An encoder of which only the answers matter. What its methods mean is in {@link
 * LongformerEncoder}.
 */
sealed interface InferenceEncoder permits PackedEncoder, EngineEncoder {
    /**
     * The last hidden state at some rows, or at all.
     *
     * @return [R, N], in the manager
     */
    NDArray forward(
            TokenBatch batch, QueryRows rows, AttentionBackend attention, NDManager manager);

    /** Every hidden state, each [T, N], in the manager. */
    NDList forwardAll(TokenBatch batch, AttentionBackend attention, NDManager manager);

    /** What attention of a layer is made of, in the manager. */
    LayerProbe probe(
            TokenBatch batch, int layer, int[] rows, AttentionBackend attention, NDManager manager);
}
