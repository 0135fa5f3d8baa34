package io.longspan.training.example;

import java.util.List;

/** An example as a model reads it. Its arrays are shared and not to be changed. */
public sealed class EncodedExample permits AnswerWindow {
    private final String origin;
    private final List<long[]> sequences;
    private final float[] truth;

    EncodedExample(String origin, long[] ids, float[] truth) {
        this(origin, List.of(ids), truth);
    }

    EncodedExample(String origin, List<long[]> sequences, float[] truth) {
        this.origin = origin;
        this.sequences = List.copyOf(sequences);
        this.truth = truth;
    }

    /** Where it stands in its file, for people. */
    public final String origin() {
        return origin;
    }

    /** Token ids with special tokens: one sequence, or one for each choice. */
    public final List<long[]> sequences() {
        return sequences;
    }

    /** Tokens of all sequences. */
    public final int tokens() {
        return sequences.stream().mapToInt(ids -> ids.length).sum();
    }

    /** Tokens of the longest sequence. */
    final int longest() {
        return sequences.stream().mapToInt(ids -> ids.length).max().orElse(0);
    }

    /** The answer, as the task of the example means it. */
    final float[] truth() {
        return truth;
    }
}
