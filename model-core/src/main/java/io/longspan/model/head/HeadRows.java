package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Which rows heads read. */
final class HeadRows {
    private HeadRows() {}

    /** Every token. */
    static long[] all(SequenceLayout layout) {
        return LongStream.range(0, layout.tokens()).toArray();
    }

    /** The first token of each sequence. */
    static long[] first(SequenceLayout layout) {
        return IntStream.range(0, layout.sequences()).mapToLong(layout::start).toArray();
    }
}
