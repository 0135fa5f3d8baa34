package io.longspan.training.example;

/** An example as a model reads it. Its arrays are shared and not to be changed. */
public final class EncodedExample {
    private final long[] ids;
    private final float[] truth;

    public EncodedExample(long[] ids, float[] truth) {
        this.ids = ids;
        this.truth = truth;
    }

    /** Token ids with special tokens. */
    public long[] ids() {
        return ids;
    }

    /** The label as {@link LabelSet#truth} gives it. */
    public float[] truth() {
        return truth;
    }
}
