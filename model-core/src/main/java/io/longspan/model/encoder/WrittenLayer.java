package io.longspan.model.encoder;

import io.longspan.attention.AttentionPattern;
import io.longspan.model.config.LongformerConfig;
import org.jspecify.annotations.Nullable;

/**
 * What one layer of training is made of where its way back is written out: the same layer as {@link
 * EncoderLayer}, over the same weights.
 *
 * @param globalRows null where the checkpoint has no global projections
 */
record WrittenLayer(
        TrainedLinear query,
        TrainedLinear key,
        TrainedLinear value,
        TrainedLinear projection,
        TrainedLinear up,
        TrainedLinear down,
        Norm attentionNorm,
        Norm outputNorm,
        HiddenDropout attentionDropout,
        HiddenDropout outputDropout,
        @Nullable GlobalRows globalRows,
        LayerWindow window) {
    static WrittenLayer of(
            Weights weights, LongformerConfig config, int index, ExactSavings savings) {
        String name = "encoder.layer." + index;
        String self = name + ".attention.self";
        float epsilon = (float) config.layerNormEps();
        AttentionPattern pattern = config.pattern(index);
        return new WrittenLayer(
                TrainedLinear.of(weights, self + ".query"),
                TrainedLinear.of(weights, self + ".key"),
                TrainedLinear.of(weights, self + ".value"),
                TrainedLinear.of(weights, name + ".attention.output.dense"),
                TrainedLinear.of(weights, name + ".intermediate.dense"),
                TrainedLinear.of(weights, name + ".output.dense"),
                weights.norm(name + ".attention.output.LayerNorm", epsilon),
                weights.norm(name + ".output.LayerNorm", epsilon),
                new HiddenDropout(HiddenMask.Site.ATTENTION_OUTPUT, index, config.hiddenDropout()),
                new HiddenDropout(
                        HiddenMask.Site.FEED_FORWARD_OUTPUT, index, config.hiddenDropout()),
                weights.has(self + ".query_global.weight")
                        ? new GlobalRows(
                                weights, self, pattern, config.headSize(), savings.foldedGlobals())
                        : null,
                new LayerWindow(
                        pattern,
                        pattern.offsetBias() ? weights.get(self + ".offset_bias") : null,
                        index));
    }

    GlobalRows requireGlobalRows() {
        if (globalRows == null) {
            throw GlobalRows.missing();
        }
        return globalRows;
    }
}
