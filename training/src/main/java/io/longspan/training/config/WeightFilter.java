package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.gradient.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which weights a run moves, by patterns on their canonical names such as {@code
 * embeddings.position_embeddings.*}, in which {@code *} stands for any letters. A weight that is
 * not moved keeps its bits.
 *
 * @param only patterns of which a moved weight matches one; empty for all weights
 * @param frozen patterns of which a moved weight matches none
 */
public record WeightFilter(List<String> only, List<String> frozen) {
    /** Every weight moves. */
    static final WeightFilter ALL = new WeightFilter(List.of(), List.of());

    /** Copies the lists. */
    public WeightFilter {
        only = List.copyOf(only);
        frozen = List.copyOf(frozen);
    }

    void put(Map<String, String> all) {
        if (!only.isEmpty()) {
            all.put("train_only", Settings.text(only));
        }
        if (!frozen.isEmpty()) {
            all.put("freeze", Settings.text(frozen));
        }
    }

    /**
     * The weights that move.
     *
     * @throws ModelInputException when a pattern matches no weight, or no weight is left
     */
    public List<Parameter> of(List<Parameter> all) {
        only.forEach(pattern -> requireMatch("train_only", pattern, all));
        frozen.forEach(pattern -> requireMatch("freeze", pattern, all));
        List<Parameter> moved = all.stream().filter(weight -> moves(weight.name())).toList();
        if (moved.isEmpty()) {
            throw new ModelInputException(
                    "train_only and freeze leave no weight to train; freeze fewer");
        }
        return moved;
    }

    boolean moves(String name) {
        return (only.isEmpty() || only.stream().anyMatch(pattern -> matches(pattern, name)))
                && frozen.stream().noneMatch(pattern -> matches(pattern, name));
    }

    private static void requireMatch(String key, String pattern, List<Parameter> all) {
        if (all.stream().noneMatch(weight -> matches(pattern, weight.name()))) {
            String nearest =
                    all.stream()
                            .map(Parameter::name)
                            .min((a, b) ->
                                    Settings.distance(pattern, a) - Settings.distance(pattern, b))
                            .orElse("");
            throw new ModelInputException(
                    "training setting '"
                            + key
                            + "' holds the pattern "
                            + Quoted.of(pattern)
                            + ", which matches no weight; the nearest is '"
                            + nearest
                            + "'");
        }
    }

    private static boolean matches(String pattern, String name) {
        Stream<String> parts = Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote);
        return name.matches(parts.collect(Collectors.joining(".*")));
    }
}
