package io.longspan.training.objective;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What some steps have read.
 *
 * @param sequences or examples
 * @param tokens special ones included
 * @param bySource the tokens by data set, where there are several; else empty
 */
public record ReadSoFar(long sequences, long tokens, NavigableMap<String, Long> bySource) {
    /** Before the first step. */
    public static final ReadSoFar NOTHING = new ReadSoFar(0, 0, Collections.emptyNavigableMap());

    /** Copies the map. */
    public ReadSoFar {
        bySource = Collections.unmodifiableNavigableMap(new TreeMap<>(bySource));
    }

    /** Both together. */
    public ReadSoFar and(ReadSoFar next) {
        NavigableMap<String, Long> both = new TreeMap<>(bySource);
        next.bySource.forEach((source, part) -> both.merge(source, part, Long::sum));
        return new ReadSoFar(sequences + next.sequences, tokens + next.tokens, both);
    }
}
