package io.longspan.model.convert;

import java.util.List;

/**
 * What copying local projections to global ones changed.
 *
 * @param tensors that were copied
 * @param layers how far apart they were before, one entry per layer
 */
public record ResyncReport(int tensors, List<Layer> layers) {
    /**
     * The distance between global and local projections of a layer: the Euclidean norm of the
     * difference, weight and bias together.
     *
     * @param layer index from 0
     * @param query distance of the queries
     * @param key distance of the keys
     * @param value distance of the values
     * @param relative distance of all three over the norm of the local ones; 0 when both are 0
     */
    public record Layer(int layer, double query, double key, double value, double relative) {}

    /** Copies the list. */
    public ResyncReport {
        layers = List.copyOf(layers);
    }

    /** Whether anything was different before. */
    public boolean changed() {
        return layers.stream().anyMatch(layer -> layer.relative() > 0);
    }
}
