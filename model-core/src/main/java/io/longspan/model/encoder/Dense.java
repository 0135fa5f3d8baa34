package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;

/** A linear layer of which only the answer matters: DJL's in training, packed in inference. */
@FunctionalInterface
public interface Dense {
    /** Applies it to rows [.., in], giving [.., out] in the manager of the rows. */
    NDArray apply(NDArray rows);
}
