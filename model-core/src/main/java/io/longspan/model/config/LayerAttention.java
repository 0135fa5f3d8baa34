package io.longspan.model.config;

import static io.longspan.model.config.Checks.range;

import io.longspan.model.ModelInputException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far the heads of one layer see, counted in steps of the dilation; the token itself comes on
 * top.
 *
 * @param left steps to the left per head
 * @param right steps to the right per head; where it equals the left one, head and layer have a
 *     window in Hugging Face's sense, of which a causal model takes the left half
 * @param dilations tokens between neighbouring keys per head; 1 means no gap
 */
public record LayerAttention(List<Integer> left, List<Integer> right, List<Integer> dilations) {
    /**
     * Copies the lists and checks every entry.
     *
     * @throws ModelInputException naming the first entry that is not allowed
     */
    public LayerAttention {
        left = List.copyOf(left);
        right = List.copyOf(right);
        dilations = List.copyOf(dilations);
        if (left.size() != right.size() || left.size() != dilations.size()) {
            throw new ModelInputException(
                    "a layer has "
                            + left.size()
                            + " reaches to the left, "
                            + right.size()
                            + " to the right and "
                            + dilations.size()
                            + " dilations; give one of each per head");
        }
        for (int h = 0; h < left.size(); h++) {
            range("attention reach to the left", left.get(h), 0, Checks.LARGEST_WINDOW / 2);
            range("attention reach to the right", right.get(h), 0, Checks.LARGEST_WINDOW / 2);
            int dilation = dilations.get(h);
            range("attention dilation", dilation, 1, Checks.LARGEST_DILATION);
            long span = (long) Math.max(left.get(h), right.get(h)) * dilation;
            range("tokens from a token to its furthest key", span, 0, Checks.LARGEST_SPAN);
        }
    }

    /**
     * Windows as Hugging Face counts them.
     *
     * @param windows total width per head, even: half of it to the left, half to the right
     * @param dilations tokens between neighbouring keys per head
     * @throws ModelInputException naming the first entry that is not allowed
     */
    public LayerAttention(List<Integer> windows, List<Integer> dilations) {
        this(halves(windows, dilations.size()), halves(windows, dilations.size()), dilations);
    }

    /** The same window for every head, no dilation. */
    public static LayerAttention uniform(int heads, int window) {
        return new LayerAttention(
                Collections.nCopies(heads, window), Collections.nCopies(heads, 1));
    }

    /** H, the number of heads. */
    public int heads() {
        return left.size();
    }

    /** Steps to both sides together, per head. */
    public List<Integer> windows() {
        return IntStream.range(0, heads()).mapToObj(h -> left.get(h) + right.get(h)).toList();
    }

    /** The widest window of the layer. */
    public int widest() {
        return Collections.max(windows());
    }

    /** Whether all heads share one window. */
    public boolean sameWindow() {
        return left.stream().distinct().count() == 1 && right.stream().distinct().count() == 1;
    }

    /** Whether every head has a window in Hugging Face's sense: as far to the right as left. */
    public boolean symmetric() {
        return left.equals(right) && !left.contains(0);
    }

    /** Whether some head skips tokens. */
    public boolean dilated() {
        return dilations.stream().anyMatch(d -> d != 1);
    }

    private static List<Integer> halves(List<Integer> windows, int dilations) {
        if (windows.size() != dilations) {
            throw new ModelInputException(
                    "a layer has "
                            + windows.size()
                            + " windows and "
                            + dilations
                            + " dilations; give one of each per head");
        }
        windows.forEach(LayerAttention::checkWindow);
        return windows.stream().map(window -> window / 2).toList();
    }

    private static void checkWindow(int window) {
        range("attention window", window, 2, Checks.LARGEST_WINDOW);
        if (window % 2 != 0) {
            throw new ModelInputException(
                    "attention window is "
                            + window
                            + "; it is the total width and has to be even, so use "
                            + (window - 1)
                            + " or "
                            + (window + 1));
        }
    }
}
