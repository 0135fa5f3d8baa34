package io.longspan.model.convert;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a conversion is to make.
 *
 * @param positions tokens that the new model reads, 1 to 2^20
 * @param windows total widths, even: one per layer, or one for all; none keeps the source's, or
 *     takes {@link #WINDOW} when the source has none
 */
public record ConversionTarget(int positions, List<Integer> windows) {
    /** The paper's window (section 5), for a source that has none. */
    public static final int WINDOW = 512;

    private static final int MOST_POSITIONS = 1 << 20;

    /**
     * Copies the list.
     *
     * @throws ModelInputException when the positions are out of range
     */
    public ConversionTarget {
        windows = List.copyOf(windows);
        if (positions < 1 || positions > MOST_POSITIONS) {
            throw new ModelInputException(
                    "positions is "
                            + positions
                            + "; it must be from 1 to "
                            + MOST_POSITIONS
                            + ", such as 4096");
        }
    }

    /** What the layers of the new model see. */
    List<LayerAttention> attention(LongformerConfig source) {
        if (windows.isEmpty()) {
            return source.attention().isEmpty()
                    ? Collections.nCopies(
                            source.layers(), LayerAttention.uniform(source.heads(), WINDOW))
                    : source.attention();
        }
        if (windows.size() != 1 && windows.size() != source.layers()) {
            throw new ModelInputException(
                    "there are "
                            + windows.size()
                            + " windows for "
                            + source.layers()
                            + " layers; give one for all, or one per layer");
        }
        if (source.offsetBias()) {
            throw new ModelInputException(
                    "the source has a learned bias per offset, whose number is the window's; keep"
                            + " its windows");
        }
        return IntStream.range(0, source.layers())
                .mapToObj(layer -> new LayerAttention(windows(source, layer), steps(source, layer)))
                .toList();
    }

    private List<Integer> windows(LongformerConfig source, int layer) {
        int window = windows.size() == 1 ? windows.getFirst() : windows.get(layer);
        return Collections.nCopies(source.heads(), window);
    }

    private static List<Integer> steps(LongformerConfig source, int layer) {
        return source.attention().isEmpty()
                ? Collections.nCopies(source.heads(), 1)
                : source.attention().get(layer).dilations();
    }
}
