package io.longspan.model.config;

import io.longspan.attention.AttentionPattern;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far away a token can be and still change another one's state, through windows alone: tokens
 * to each side, dilation counted in. Each layer adds its widest head's reach to that of the layers
 * below (paper, section 3.1). Global tokens reach the whole sequence in two layers and are left
 * out; the sum may be more than the longest sequence that the model reads.
 *
 * @param layers reach of each layer alone
 * @param total reach of all layers one above the other
 */
public record ReceptiveField(List<Reach> layers, Reach total) {
    /** Copies the list. */
    public ReceptiveField {
        layers = List.copyOf(layers);
    }

    /**
     * Tokens to each side, the token itself not counted.
     *
     * @param left earlier tokens
     * @param right later tokens; 0 in a causal model
     */
    public record Reach(long left, long right) {}

    /** The receptive field of a model. */
    public static ReceptiveField of(LongformerConfig config) {
        List<Reach> layers =
                IntStream.range(0, config.layers())
                        .mapToObj(layer -> reach(config.pattern(layer)))
                        .toList();
        return new ReceptiveField(
                layers,
                new Reach(
                        layers.stream().mapToLong(Reach::left).sum(),
                        layers.stream().mapToLong(Reach::right).sum()));
    }

    private static Reach reach(AttentionPattern pattern) {
        long left = 0;
        long right = 0;
        for (int h = 0; h < pattern.heads(); h++) {
            left = Math.max(left, (long) pattern.left(h) * pattern.dilation(h));
            right = Math.max(right, (long) pattern.right(h) * pattern.dilation(h));
        }
        return new Reach(left, right);
    }
}
