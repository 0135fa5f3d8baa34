package io.longspan.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some rows of a list that is read piece by piece.
 *
 * @param rows in the list's order
 * @param next where the next piece begins: give it back to get that; empty at the list's end
 */
public record Slice<T>(List<T> rows, Optional<String> next) {
    /**
     * From rows of which one more was read than wanted.
     *
     * @param limit rows wanted
     * @param key what stands for a row's place in the list
     */
    public static <T> Slice<T> of(List<T> oneMore, int limit, Function<T, String> key) {
        if (oneMore.size() <= limit) {
            return new Slice<>(List.copyOf(oneMore), Optional.empty());
        }
        List<T> rows = List.copyOf(oneMore.subList(0, limit));
        return new Slice<>(rows, Optional.of(key.apply(rows.getLast())));
    }
}
