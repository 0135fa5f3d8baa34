package io.longspan.model.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Progress;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes cases through a model. Sums are double, so that their order does not matter. */
public final class GoldenRun {
    /** Rows of scores that are in memory at once. */
    private static final int TILE = 128;

    private GoldenRun() {}

    /**
     * Runs every case whose numbers the model has; those of the language-model head are left out
     * when it has none.
     *
     * @return a comparison per number, in the order of the cases
     */
    public static List<GoldenComparison> run(
            LongformerModel model,
            List<GoldenCase> cases,
            AttentionBackend attention,
            Progress progress) {
        List<GoldenComparison> results = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            GoldenCase golden = cases.get(i);
            if (!golden.needsHead() || model.maskedLmHead().isPresent()) {
                results.addAll(run(model, golden, attention));
            }
            progress.advance(golden.name(), i + 1L, cases.size());
        }
        return results;
    }

    private static List<GoldenComparison> run(
            LongformerModel model, GoldenCase golden, AttentionBackend attention) {
        long[] ids = golden.ids();
        SequenceLayout layout = SequenceLayout.allLocal(ids.length).withGlobals(golden.globals());
        TokenBatch batch = TokenBatch.of(model.config(), ids, layout);
        try (NDManager manager = model.newManager()) {
            NDArray states = model.encoder().forward(batch, attention, manager); // [T, N]
            float[] values = TensorBridge.floats(states);
            Map<GoldenQuantity, Double> found = new EnumMap<>(GoldenQuantity.class);
            double sum = sum(values);
            found.put(GoldenQuantity.STATE_SUM, sum);
            found.put(GoldenQuantity.STATE_MEAN, sum / values.length);
            if (golden.needsHead()) {
                addHead(model, ids, states, found);
            }
            return golden.numbers().stream()
                    .map(number ->
                            new GoldenComparison(
                                    golden.name(),
                                    number,
                                    number.quantity() == GoldenQuantity.FIRST_STATE
                                            ? values[number.index()]
                                            : found.getOrDefault(number.quantity(), Double.NaN)))
                    .toList();
        }
    }

    private static void addHead(
            LongformerModel model, long[] ids, NDArray states, Map<GoldenQuantity, Double> found) {
        var head = model.maskedLmHead().orElseThrow();
        double sum = 0;
        double loss = 0;
        for (int first = 0; first < ids.length; first += TILE) {
            int last = Math.min(first + TILE, ids.length);
            try (NDManager scope = states.getManager().newSubManager()) {
                NDArray rows = states.get(new NDIndex("{}:{}", first, last)); // [tile, N]
                rows.attach(scope);
                NDArray scores = head.forward(rows); // [tile, V]
                sum += sum(TensorBridge.floats(scores));
                NDArray labels =
                        scope.create(
                                Arrays.copyOfRange(ids, first, last),
                                new Shape(last - first, 1)); // [tile, 1]
                loss -= sum(TensorBridge.floats(scores.logSoftmax(1).gather(labels, 1)));
            }
        }
        found.put(GoldenQuantity.LOSS, loss / ids.length);
        found.put(GoldenQuantity.LOGIT_SUM, sum);
        found.put(GoldenQuantity.LOGIT_MEAN, sum / ids.length / model.config().vocabSize());
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
