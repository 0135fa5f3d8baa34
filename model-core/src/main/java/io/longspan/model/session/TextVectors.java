package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Turns texts into vectors. */
final class TextVectors {
    private final ModelRun run;

    TextVectors(ModelRun run) {
        this.run = run;
    }

    List<float[]> embed(List<TokenizedText> texts, Pooling pooling, boolean normalize) {
        return switch (pooling) {
            case MEAN ->
                    run.whole(
                            texts,
                            setup(),
                            (hidden, layout) -> means(hidden, layout.starts(), normalize));
            case FIRST ->
                    run.chosen(
                            texts,
                            setup(),
                            _ -> IntStream.of(0),
                            rows -> means(rows, everyRow(texts.size()), normalize));
        };
    }

    /** One vector per token of each text. */
    List<List<float[]>> tokens(List<TokenizedText> texts) {
        return run.whole(texts, setup(), (hidden, layout) -> rows(hidden, layout.starts()));
    }

    private List<List<float[]>> rows(NDArray states, int[] starts) {
        MemorySegment memory = TensorBridge.memory(states); // [T, N]
        int width = run.model().config().hiddenSize();
        List<List<float[]>> texts = new ArrayList<>();
        for (int b = 0; b + 1 < starts.length; b++) {
            List<float[]> vectors = new ArrayList<>();
            for (int t = starts[b]; t < starts[b + 1]; t++) {
                vectors.add(MeanState.of(memory, t, t + 1, width, false));
            }
            texts.add(vectors);
        }
        return texts;
    }

    /**
     * @param states [R, N]
     * @param starts of the spans of rows that become one vector each, and the end of the last
     */
    private List<float[]> means(NDArray states, int[] starts, boolean normalize) {
        int width = run.model().config().hiddenSize();
        MemorySegment memory = TensorBridge.memory(states);
        List<float[]> vectors = new ArrayList<>();
        for (int b = 0; b + 1 < starts.length; b++) {
            vectors.add(MeanState.of(memory, starts[b], starts[b + 1], width, normalize));
        }
        return vectors;
    }

    private static int[] everyRow(int rows) {
        return IntStream.rangeClosed(0, rows).toArray();
    }

    /**
     * The global tokens of a text that becomes one vector: the checkpoint's, or else the first. A
     * model without global projections, a RoBERTa, has none; its first token sees everything
     * anyway.
     */
    private TaskSetup setup() {
        LongformerModel model = run.model();
        LongformerConfig config = model.config();
        return config.inputFormat().globalTokens() == null && config.hasGlobalAttention()
                ? model.setup().withGlobals(GlobalPolicy.Named.FIRST_TOKEN)
                : model.setup();
    }
}
