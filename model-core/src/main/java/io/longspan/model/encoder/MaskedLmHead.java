package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import io.longspan.model.config.LongformerConfig;

/**
 * The head of masked language modelling: dense, gelu, norm, then the decoder, usually the word
 * table turned around.
 */
public final class MaskedLmHead {
    private final Dense dense;
    private final Norm norm;
    private final Dense decoder;

    /**
     * A head over weights that outlive it.
     *
     * @param decoderName canonical name of the table that turns a state into scores, [V, N];
     *     usually the word table
     */
    public MaskedLmHead(Weights weights, LongformerConfig config, String decoderName) {
        dense = weights.dense("lm_head.dense");
        norm = weights.norm("lm_head.layer_norm", (float) config.layerNormEps());
        decoder = weights.dense(decoderName, "lm_head.bias");
    }

    /**
     * Scores of every word for the given rows only, since V products per row cost more than a
     * layer.
     *
     * @param rows [R, N]; stays the caller's
     * @return [R, V], in the manager of the rows
     */
    public NDArray forward(NDArray rows) {
        try (NDArray features = features(rows)) {
            NDArray scores = decoder.apply(features); // [R, V]
            scores.attach(rows.getManager());
            return scores;
        }
    }

    /**
     * What the decoder reads: everything of the head but the last product.
     *
     * @param rows [R, N]; stays the caller's
     * @return [R, N], in the manager of the rows
     */
    public NDArray features(NDArray rows) {
        try (NDManager scope = rows.getManager().newSubManager();
                Lent lent = Lent.to(scope, rows)) {
            return lent.giveBack(norm.apply(Activation.gelu(dense.apply(rows)))); // [R, N]
        }
    }
}
