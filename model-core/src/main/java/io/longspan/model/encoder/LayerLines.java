package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;
import org.jspecify.annotations.Nullable;

/** What a pass reads of a layer line by line: copies of this moment, for all threads. */
record LayerLines(
        BiasLine query,
        BiasLine key,
        BiasLine value,
        BiasLine projection,
        BiasLine up,
        BiasLine down,
        NormLines attentionNorm,
        NormLines outputNorm,
        HiddenFactors attentionFactors,
        HiddenFactors outputFactors) {
    static LayerLines of(WrittenLayer layer, SequenceLayout layout, @Nullable DropoutDraw draw) {
        return new LayerLines(
                new BiasLine(layer.query().bias()),
                new BiasLine(layer.key().bias()),
                new BiasLine(layer.value().bias()),
                new BiasLine(layer.projection().bias()),
                new BiasLine(layer.up().bias()),
                new BiasLine(layer.down().bias()),
                new NormLines(layer.attentionNorm()),
                new NormLines(layer.outputNorm()),
                HiddenFactors.of(layer.attentionDropout(), layout, draw),
                HiddenFactors.of(layer.outputDropout(), layout, draw));
    }
}
