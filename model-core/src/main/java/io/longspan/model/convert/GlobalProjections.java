package io.longspan.model.convert;

import java.util.List;
import java.util.stream.Stream;

/** Names of the projections that a layer has twice. */
final class GlobalProjections {
    private GlobalProjections() {}

    /**
     * Two tensors of one shape, by canonical name.
     *
     * @param local what tokens see their window with
     * @param global what global tokens see everything with
     */
    record Pair(String local, String global) {}

    /** Query, key and value of a layer, weight and bias. */
    static List<Pair> of(int layer) {
        String self = "encoder.layer." + layer + ".attention.self.";
        return Stream.of("query", "key", "value")
                .flatMap(projection ->
                        Stream.of("weight", "bias")
                                .map(part ->
                                        new Pair(
                                                self + projection + "." + part,
                                                self + projection + "_global." + part)))
                .toList();
    }
}
