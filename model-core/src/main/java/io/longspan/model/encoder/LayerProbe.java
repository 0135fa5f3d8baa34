package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionPattern;
import java.util.Optional;

/**
 * What the scores of some rows of one layer are made of, for looking at attention. Arrays belong to
 * the manager that the probe was asked for with; queries are not scaled yet.
 *
 * @param pattern of the layer
 * @param offsetBias added to scores by offset, [H, columns] as the pattern has it; a weight of the
 *     model. Empty unless the pattern declares one
 * @param maskedRowsAttend whether rows of MASKED tokens see every unmasked token, as in a RoBERTa,
 *     or nothing
 * @param query of the chosen rows by the local projection, [R, N]
 * @param key of every token by the local projection, [T, N]
 * @param globalQuery the same two by the projections of global rows, [R, N]; empty when the model
 *     has none
 * @param globalKey [T, N]
 */
public record LayerProbe(
        AttentionPattern pattern,
        Optional<NDArray> offsetBias,
        boolean maskedRowsAttend,
        NDArray query,
        NDArray key,
        Optional<NDArray> globalQuery,
        Optional<NDArray> globalKey) {}
