package io.longspan.model.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The paper's character language models (section 4, appendix B) as its first phase of training has
 * them: causal, layers that normalise their input, 2,048 characters, windows from 32 at the bottom
 * to 512 at the top, dilation on two heads of the upper layers. Later phases double length and
 * windows: {@code longspan convert} with {@code --positions} and {@code --window} makes the model
 * of the next one.
 *
 * <p>What the paper leaves open is chosen here. The window of each layer is not published; the
 * steps below have the mean that the paper states, 230 (229 and 234). Its dilations count the gap,
 * so the stride is one more. The feed-forward width of 2,048 is the one with which a layer comes to
 * the published sizes of 41 and 102 million. A window counts half of its width, as everywhere here,
 * and none to the right.
 *
 * <p>What differs: the paper has Transformer-XL's relative positions in every layer, here positions
 * are a learned table; projections for global tokens are there, as in every Longformer, and idle
 * without global tokens. The vocabulary is 5 special tokens and 256 bytes, as in {@code
 * recipes/bytes}.
 */
final class CharacterModels {
    private static final int HEADS = 8;
    private static final int DILATED_HEADS = 2;
    private static final SpecialIds IDS = new SpecialIds(0, 1, 2, 2);

    private CharacterModels() {}

    /**
     * The same shape in small, for tests and scaled-down recipes: 64 characters, windows 4 to 16.
     */
    static LongformerConfig tiny() {
        List<LayerAttention> attention = new ArrayList<>();
        for (int layer = 0; layer < 4; layer++) {
            int stride = layer < 2 ? 1 : layer;
            attention.add(
                    new LayerAttention(
                            Collections.nCopies(4, 4 << ((layer + 1) / 2)),
                            List.of(stride, stride, 1, 1)));
        }
        return new LongformerConfigBuilder(ModelType.LONGSPAN)
                .vocabSize(256 + 5)
                .hiddenSize(32)
                .layers(4)
                .heads(4)
                .intermediateSize(64)
                .ids(IDS)
                .maxPositionEmbeddings(64 + IDS.pad() + 1)
                .attention(attention)
                .causal(true)
                .preLayerNorm(true)
                .dropout(0.2, 0)
                .build();
    }

    static LongformerConfig small() {
        return model(windows(2, 2, 2, 3, 3), strides(6, 2, 2, 2), 0.2);
    }

    static LongformerConfig large() {
        return model(windows(5, 5, 5, 7, 8), strides(15, 5, 5, 5), 0.4);
    }

    /** Layers with window 32, 64, 128, 256 and 512, from the bottom. */
    private static List<Integer> windows(int... layers) {
        List<Integer> windows = new ArrayList<>();
        for (int step = 0; step < layers.length; step++) {
            windows.addAll(Collections.nCopies(layers[step], 32 << step));
        }
        return windows;
    }

    /** Layers with stride 1, 2, 3 and 4, from the bottom. */
    private static List<Integer> strides(int... layers) {
        List<Integer> strides = new ArrayList<>();
        for (int step = 0; step < layers.length; step++) {
            strides.addAll(Collections.nCopies(layers[step], step + 1));
        }
        return strides;
    }

    private static LongformerConfig model(
            List<Integer> windows, List<Integer> strides, double dropout) {
        List<LayerAttention> attention = new ArrayList<>();
        for (int layer = 0; layer < windows.size(); layer++) {
            List<Integer> dilations = new ArrayList<>(Collections.nCopies(HEADS, 1));
            Collections.fill(dilations.subList(0, DILATED_HEADS), strides.get(layer));
            attention.add(
                    new LayerAttention(Collections.nCopies(HEADS, windows.get(layer)), dilations));
        }
        return new LongformerConfigBuilder(ModelType.LONGSPAN)
                .vocabSize(256 + 5)
                .hiddenSize(512)
                .layers(windows.size())
                .heads(HEADS)
                .intermediateSize(2048)
                .ids(IDS)
                .maxPositionEmbeddings(2048 + IDS.pad() + 1)
                .attention(attention)
                .causal(true)
                .preLayerNorm(true)
                .dropout(dropout, 0)
                .build();
    }
}
