package io.longspan.training.example;

import io.longspan.training.data.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds out a share of examples by the digest of their texts: the same text is always on the same
 * side, whatever else is in the file.
 */
final class HeldOut {
    private static final double RANGE = 0x1p53;

    private HeldOut() {}

    /** Examples by whether they are held out; both keys are there. */
    static <E> Map<Boolean, List<E>> split(
            List<E> examples, Function<E, String> key, double share) {
        return examples.stream()
                .collect(Collectors.partitioningBy(e -> place(key.apply(e)) < share));
    }

    /** Where a text stands between 0 and 1. */
    private static double place(String text) {
        byte[] digest = Fingerprint.bytes(text.getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(digest).getLong() >>> 11) / RANGE;
    }
}
