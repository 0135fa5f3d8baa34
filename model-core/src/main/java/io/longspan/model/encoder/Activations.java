package io.longspan.model.encoder;

/** What a training step remembers of its way forward. Gradients are the same, bit for bit. */
public enum Activations {
    /**
     * Everything that the way back reads, but for the probabilities of many global tokens (see
     * {@link GlobalRowsPass}).
     */
    KEPT,

    /**
     * The input of each layer only; the layer is run once more on the way back. Costs about one
     * forward pass and saves all memory inside the layers but one layer's.
     */
    RECOMPUTED
}
