package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;

/**
 * What the attention of one layer reads.
 *
 * @param query [T, H, D]
 * @param key [T, H, D]
 * @param value [T, H, D]
 */
record Projections(NDArray query, NDArray key, NDArray value) {
    /** The same memory without a past: nothing that is made of it goes back to where it is from. */
    Projections cut() {
        return new Projections(query.stopGradient(), key.stopGradient(), value.stopGradient());
    }

    /** Makes them leaves that gather gradients. */
    void gather() {
        query.setRequiresGradient(true);
        key.setRequiresGradient(true);
        value.setRequiresGradient(true);
    }
}
