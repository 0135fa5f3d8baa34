package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.HiddenDropout;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The randomness of one call of a head: whose rows they are, and what is drawn. Immutable. */
public final class HeadDropout {
    private static final HeadDropout NONE =
            new HeadDropout(new int[0], SequenceLayout.allLocal(1), null);

    private final int[] tokens;
    private final SequenceLayout layout;
    private final @Nullable DropoutDraw draw;

    private HeadDropout(int[] tokens, SequenceLayout layout, @Nullable DropoutDraw draw) {
        this.tokens = tokens;
        this.layout = layout;
        this.draw = draw;
    }

    /** Nothing is dropped. */
    public static HeadDropout none() {
        return NONE;
    }

    /**
     * The randomness of some rows of a batch.
     *
     * @param rows packed index of the token of each row
     * @param draw the randomness of the batch, or null for none
     */
    public static HeadDropout of(long[] rows, SequenceLayout layout, @Nullable DropoutDraw draw) {
        return new HeadDropout(
                LongStream.of(rows).mapToInt(Math::toIntExact).toArray(), layout, draw);
    }

    /**
     * Rows with some numbers dropped in one place of the head.
     *
     * @param rows [R, N]; stays the caller's
     * @return [R, N], in the manager of the rows; the rows themselves when nothing is dropped
     */
    NDArray apply(HiddenDropout place, NDArray rows) {
        return place.apply(rows, tokens, layout, draw);
    }
}
