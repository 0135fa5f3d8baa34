package io.longspan.model.encoder;

import io.longspan.attention.AttentionPattern;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.linear.Finish;
import io.longspan.model.linear.PackedLinear;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one layer of inference is made of: packed linears with bias, GELU and residuals fused, norms
 * in raw memory. The same layer as {@link EncoderLayer}.
 *
 * @param query N to N
 * @param keyValue N to 2N, keys before values
 * @param projection of the attention output, adds its residual
 * @param up N to F, with GELU
 * @param down F to N, adds its residual
 * @param globalRows null where the checkpoint has no global projections
 */
record PackedLayer(
        PackedLinear query,
        PackedLinear keyValue,
        PackedLinear projection,
        PackedLinear up,
        PackedLinear down,
        RawNorm attentionNorm,
        RawNorm outputNorm,
        @Nullable PackedGlobalRows globalRows,
        LayerWindow window) {
    static PackedLayer of(
            PackedWeights weights, LongformerConfig config, int index, ExactSavings savings) {
        String name = "encoder.layer." + index;
        String self = name + ".attention.self";
        float epsilon = (float) config.layerNormEps();
        AttentionPattern pattern = config.pattern(index);
        return new PackedLayer(
                weights.linear(Finish.PLAIN, List.of(self + ".query")),
                weights.linear(Finish.PLAIN, List.of(self + ".key", self + ".value")),
                weights.linear(Finish.ADD, List.of(name + ".attention.output.dense")),
                weights.linear(Finish.GELU, List.of(name + ".intermediate.dense")),
                weights.linear(Finish.ADD, List.of(name + ".output.dense")),
                new RawNorm(weights.norm(name + ".attention.output.LayerNorm", epsilon)),
                new RawNorm(weights.norm(name + ".output.LayerNorm", epsilon)),
                weights.has(self + ".query_global.weight")
                        ? PackedGlobalRows.of(
                                weights, self, pattern, config.headSize(), savings.foldedGlobals())
                        : null,
                new LayerWindow(
                        pattern,
                        pattern.offsetBias() ? weights.get(self + ".offset_bias") : null,
                        index));
    }
}
