package io.longspan.model.convert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conversion did.
 *
 * @param sourceType family of the source, as {@code config.json} names it
 * @param type family of the result
 * @param task of the checkpoint, carried over
 * @param sourcePositions tokens that the source reads
 * @param positions tokens that the result reads
 * @param windows total width per layer, the widest head's
 * @param windowsKept whether they are the source's own
 * @param positionRows rows of the new position table and where each came from
 * @param globalProjections tensors of global projections that were copied from the local ones; 0
 *     when the source had global ones, which are kept
 * @param sourceParameters numbers in the source's tensors, tied ones once, heads left out included
 * @param parameters numbers in the result's tensors
 * @param tensors written
 * @param leftOut tensors of the source that the result does not hold, by their name in the file
 * @param tokenizerFiles carried over
 * @param tokenizerNote why this program cannot read the tokenizer that was carried over, or null
 *     when it can or there is none
 */
public record ConversionReport(
        String sourceType,
        String type,
        String task,
        int sourcePositions,
        int positions,
        List<Integer> windows,
        boolean windowsKept,
        List<PositionRows> positionRows,
        int globalProjections,
        long sourceParameters,
        long parameters,
        int tensors,
        List<String> leftOut,
        List<String> tokenizerFiles,
        @Nullable String tokenizerNote) {
    /** Copies the lists. */
    public ConversionReport {
        windows = List.copyOf(windows);
        positionRows = List.copyOf(positionRows);
        leftOut = List.copyOf(leftOut);
        tokenizerFiles = List.copyOf(tokenizerFiles);
    }
}
