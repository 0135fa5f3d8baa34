package io.longspan.training;

/** An example as a model reads it. Its arrays are shared and not to be changed. */
final class EncodedExample {
    private final long[] ids;
    private final float[] truth;

    EncodedExample(long[] ids, float[] truth) {
        this.ids = ids;
        this.truth = truth;
    }

    /** Token ids with special tokens. */
    long[] ids() {
        return ids;
    }

    /** The label as {@link LabelSet#truth} gives it. */
    float[] truth() {
        return truth;
    }
}
