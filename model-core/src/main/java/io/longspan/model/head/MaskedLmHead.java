package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Dense;
import io.longspan.model.encoder.Lent;
import io.longspan.model.encoder.Norm;
import io.longspan.model.encoder.Weights;

/**
 * The head of masked language modelling: dense, gelu, norm, then the decoder, usually the word
 * table turned around.
 */
public final class MaskedLmHead implements TaskHead {
    private final Dense dense;
    private final Norm norm;
    private final Dense decoder;
    private final int words;

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
        words = (int) weights.get("lm_head.bias").size();
    }

    @Override
    public Task task() {
        return Task.MASKED_LM;
    }

    @Override
    public int classes() {
        return words;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.all(layout);
    }

    /**
     * Scores of every word for the given rows only, since V products per row cost more than a
     * layer.
     *
     * @param rows [R, N]; stays the caller's
     * @return [R, V], in the manager of the rows
     */
    @Override
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
