package io.longspan.model.convert;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Proves a conversion: on texts that the windows cover whole and whose positions both models know,
 * source and target must give the same hidden states and the same scores of a language-model head.
 * Texts are random. In the last one the first token is global: a model whose global projections are
 * copies of the local ones must still agree with a dense source.
 *
 * @param seed of the texts
 * @param texts compared
 * @param maxDifference largest absolute difference in any of them
 * @param maxValue largest absolute value of the source's, for scale
 */
public record ConversionCheck(long seed, List<Text> texts, double maxDifference, double maxValue) {
    /** What float32 rounding explains; the two models differ in the order of sums. */
    private static final double TOLERANCE = 2e-5;

    private static final int MOST_TOKENS = 512;

    /**
     * One compared text.
     *
     * @param tokens in it
     * @param globals of them that are global
     * @param maxDifference largest absolute difference
     */
    public record Text(int tokens, int globals, double maxDifference) {}

    /** Copies the list. */
    public ConversionCheck {
        texts = List.copyOf(texts);
    }

    /** Whether the difference is rounding. */
    public boolean passed() {
        return maxDifference <= TOLERANCE * Math.max(1, maxValue);
    }

    /**
     * Runs both models.
     *
     * @param attention supports what both configurations need
     */
    public static ConversionCheck run(
            Path source, Path target, long seed, AttentionBackend attention) {
        List<SampleAnswers> before = SampleAnswers.of(source, target, source, seed, attention);
        List<SampleAnswers> after = SampleAnswers.of(source, target, target, seed, attention);
        List<Text> texts = new ArrayList<>();
        double difference = 0;
        double value = 0;
        for (int i = 0; i < before.size(); i++) {
            SampleAnswers old = before.get(i);
            double here = old.difference(after.get(i));
            texts.add(new Text(old.tokens(), old.globals(), here));
            difference = Math.max(difference, here);
            value = Math.max(value, old.largest());
        }
        return new ConversionCheck(seed, texts, difference, value);
    }

    /** The longest text on which both have to agree, in tokens; at most 512, for patience. */
    static int longest(LongformerConfig source, LongformerConfig target) {
        int both = Math.min(source.usablePositions(), target.usablePositions());
        int most = Math.min(both, MOST_TOKENS);
        if (!source.attention().equals(target.attention())) {
            most = Math.min(most, Math.min(reach(source), reach(target)) + 1);
        }
        return most;
    }

    /** The lengths that are compared, ascending. */
    static int[] lengths(int longest) {
        return IntStream.of(1, 2, (longest + 2) / 3, longest)
                .filter(length -> length <= longest)
                .distinct()
                .sorted()
                .toArray();
    }

    /** The least distance that every head of every layer sees. */
    private static int reach(LongformerConfig config) {
        return config.attention().stream()
                .mapToInt(layer -> reach(layer, config.causal()))
                .min()
                .orElse(MOST_TOKENS);
    }

    private static int reach(LayerAttention layer, boolean causal) {
        return IntStream.range(0, layer.heads())
                .map(h -> {
                    int left = layer.left().get(h);
                    int least = causal ? left : Math.min(left, layer.right().get(h));
                    return least * layer.dilations().get(h);
                })
                .min()
                .orElse(0);
    }
}
