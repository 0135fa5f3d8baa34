package io.longspan.model.config;

import static io.longspan.model.config.Checks.range;

import io.longspan.model.ModelInputException;
import java.util.Collections;
import java.util.List;

/**
 * How far the heads of one layer see.
 *
 * @param windows total width per head, even: half of it to the left, half to the right (none to the
 *     right in a causal model), counted in steps of the dilation; the token itself comes on top
 * @param dilations tokens between neighbouring keys per head; 1 means no gap
 */
public record LayerAttention(List<Integer> windows, List<Integer> dilations) {
    /**
     * Copies the lists and checks every entry.
     *
     * @throws ModelInputException naming the first entry that is not allowed
     */
    public LayerAttention {
        windows = List.copyOf(windows);
        dilations = List.copyOf(dilations);
        if (windows.size() != dilations.size()) {
            throw new ModelInputException(
                    "a layer has "
                            + windows.size()
                            + " windows and "
                            + dilations.size()
                            + " dilations; give one of each per head");
        }
        windows.forEach(LayerAttention::checkWindow);
        for (int h = 0; h < windows.size(); h++) {
            int dilation = dilations.get(h);
            range("attention dilation", dilation, 1, Checks.LARGEST_DILATION);
            long span = windows.get(h) / 2L * dilation;
            range("tokens from a token to its furthest key", span, 1, Checks.LARGEST_SPAN);
        }
    }

    /** The same window for every head, no dilation. */
    public static LayerAttention uniform(int heads, int window) {
        return new LayerAttention(
                Collections.nCopies(heads, window), Collections.nCopies(heads, 1));
    }

    /** H, the number of heads. */
    public int heads() {
        return windows.size();
    }

    /** The widest window of the layer. */
    public int widest() {
        return Collections.max(windows);
    }

    /** Whether all heads share one window. */
    public boolean sameWindow() {
        return windows.stream().distinct().count() == 1;
    }

    /** Whether some head skips tokens. */
    public boolean dilated() {
        return dilations.stream().anyMatch(d -> d != 1);
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
