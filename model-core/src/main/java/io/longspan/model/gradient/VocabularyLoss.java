package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.Rows;
import io.longspan.model.head.Labels;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TokenLabels;
import org.jspecify.annotations.Nullable;

/** Masked language modelling: recorded up to what the decoder reads. */
record VocabularyLoss(MaskedLmHead head, DecoderLoss decoder) implements HeadLoss {
    @Override
    public NDArray reached(
            NDArray hidden, LabelledBatch batch, @Nullable DropoutDraw dropout, NDManager scope) {
        long[] wanted = batch.labels().rows(batch.tokens().layout());
        try (NDArray index = Rows.index(scope, wanted);
                NDArray rows = Rows.pick(hidden, index)) { // [R, N]
            NDArray features = head.features(rows); // [R, N]
            features.attach(scope);
            return features;
        }
    }

    @Override
    public double loss(NDArray reached, LabelledBatch batch) {
        return decoder.loss(reached, words(batch.labels()));
    }

    @Override
    public double lossAndGradient(
            NDArray reached, LabelledBatch batch, float weight, NDArray gradient) {
        return decoder.lossAndGradients(reached, words(batch.labels()), weight, gradient);
    }

    private static long[] words(Labels labels) {
        if (labels instanceof TokenLabels tokens) {
            return tokens.labels();
        }
        throw new IllegalStateException("labels of " + labels.getClass() + " were not checked");
    }
}
