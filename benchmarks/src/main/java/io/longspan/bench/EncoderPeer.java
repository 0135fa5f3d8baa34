package io.longspan.bench;

import org.jspecify.annotations.Nullable;

/**
 * One peer on the same weights and tokens.
 *
 * @param name precision, and {@code -compile} with torch.compile
 * @param version of its libraries
 * @param note why it was not timed, or nothing
 * @param timing of its runs, null when it was not timed
 * @param peakBytes most that its process held, -1 when unknown
 * @param ratio its median over ours, null when it was not timed
 * @param difference largest difference of a number of the last hidden state from ours, over the
 *     largest number; null when it was not timed
 * @param cosine mean cosine similarity of tokens with ours, null when it was not timed
 */
public record EncoderPeer(
        String name,
        String version,
        String note,
        @Nullable Timing timing,
        long peakBytes,
        @Nullable Double ratio,
        @Nullable Double difference,
        @Nullable Double cosine) {}
