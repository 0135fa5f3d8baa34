package io.longspan.model.golden;

import java.util.Arrays;
import java.util.List;

/** A sequence of tokens and what is known of a model's answer. Immutable. */
public final class GoldenCase {
    private final String name;
    private final long[] ids;
    private final int[] globals;
    private final List<GoldenNumber> numbers;

    /**
     * A case.
     *
     * @param name for people
     * @param ids [T] token ids of one sequence
     * @param globals positions of global tokens, may be empty
     * @param numbers what is known
     */
    public GoldenCase(String name, long[] ids, int[] globals, List<GoldenNumber> numbers) {
        this.name = name;
        this.ids = ids.clone();
        this.globals = globals.clone();
        this.numbers = List.copyOf(numbers);
    }

    /** For people. */
    public String name() {
        return name;
    }

    /** Token ids, [T], a copy. */
    public long[] ids() {
        return ids.clone();
    }

    /** Positions of global tokens, a copy. */
    public int[] globals() {
        return globals.clone();
    }

    /** What is known. */
    public List<GoldenNumber> numbers() {
        return numbers;
    }

    boolean needsHead() {
        return numbers.stream().anyMatch(number -> number.quantity().ofHead());
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(globals) + " " + numbers;
    }
}
