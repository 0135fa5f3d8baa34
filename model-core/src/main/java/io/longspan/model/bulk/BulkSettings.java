package io.longspan.model.bulk;

import io.longspan.model.ModelInputException;
import java.util.Locale;
import java.util.Map;

/**
 * How a run treats its input.
 *
 * @param longTexts what happens to texts longer than the model
 * @param badRows what happens to rows that cannot be used
 * @param stride tokens from the start of a window to that of the next
 * @param batchTokens most tokens of a batch; a longer window has one of its own
 * @param checkpointSeconds time after which the position is stored again, at the next end of a
 *     block
 */
public record BulkSettings(
        LongTexts longTexts,
        BadRows badRows,
        int stride,
        int batchTokens,
        double checkpointSeconds) {
    /** The largest batch, far above what a CPU gains from. */
    public static final int MOST_BATCH_TOKENS = 1 << 20;

    /**
     * Checks the ranges.
     *
     * @throws ModelInputException when one is out of range
     */
    public BulkSettings {
        if (batchTokens < 1 || batchTokens > MOST_BATCH_TOKENS) {
            throw new ModelInputException(
                    "a batch is to have "
                            + batchTokens
                            + " tokens; it must be from 1 to "
                            + MOST_BATCH_TOKENS);
        }
        if (!(checkpointSeconds >= 0)) {
            throw new ModelInputException(
                    "the position is to be stored every "
                            + checkpointSeconds
                            + " seconds; it must be 0 or more");
        }
    }

    /** Those on which the output depends; a bad row ends a run or leaves no trace. */
    Map<String, String> identity() {
        return Map.of(
                "long", longTexts.name().toLowerCase(Locale.ROOT),
                "stride", Integer.toString(stride),
                "batch-tokens", Integer.toString(batchTokens));
    }
}
