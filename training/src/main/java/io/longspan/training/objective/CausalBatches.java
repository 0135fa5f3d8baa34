package io.longspan.training.objective;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.head.TokenLabels;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.TokenSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Turns blocks into batches in which every token is guessed from those before it: {@code <s>} and
 * the block's tokens, each the label of the place before.
 */
final class CausalBatches implements BlockBatches {
    private final TokenSource data;
    private final TaskSetup setup;
    private final ToLongFunction<List<int[]>> characters;
    private final int length;
    private final int perBatch;

    /**
     * Batches for a causal model.
     *
     * @param characters how many characters the tokens of some blocks stand for, 0 when it is not
     *     known
     * @throws ModelInputException when the model sees what comes after
     */
    CausalBatches(
            TokenSource data,
            TaskSetup setup,
            TrainingConfig config,
            ToLongFunction<List<int[]>> characters) {
        this.data = data;
        this.setup = setup;
        this.characters = characters;
        length = config.sequenceLength();
        perBatch = config.sequencesPerBatch();
        if (!setup.config().causal()) {
            throw new ModelInputException(
                    "the objective is causal-lm and '"
                            + config.model()
                            + "' sees what comes after a token; name a model whose config.json has \"causal\": true, or set objective: masked-lm");
        }
    }

    @Override
    public int content() {
        return length - 1;
    }

    @Override
    public long characters(int[] blocks) {
        return characters.applyAsLong(IntStream.of(blocks).mapToObj(this::tokens).toList());
    }

    private int[] tokens(int block) {
        return data.read((long) block * content(), content());
    }

    @Override
    public List<Feed.Sample> batches(long step, int[] blocks) {
        List<Feed.Sample> batches = new ArrayList<>();
        for (int first = 0; first < blocks.length; first += perBatch) {
            int[] some =
                    Arrays.copyOfRange(blocks, first, Math.min(blocks.length, first + perBatch));
            batches.add(
                    new Feed.Sample(
                            batch(some), IntStream.of(some).asLongStream().boxed().toList()));
        }
        return batches;
    }

    private LabelledBatch batch(int[] blocks) {
        LongformerConfig model = setup.config();
        long[] ids = new long[blocks.length * length]; // [T]
        long[] rows = new long[blocks.length * content()];
        long[] truth = new long[rows.length];
        for (int b = 0; b < blocks.length; b++) {
            int[] tokens = tokens(blocks[b]);
            int start = b * length;
            ids[start] = model.ids().bos();
            for (int t = 0; t < tokens.length; t++) {
                ids[start + t + 1] = tokens[t];
                rows[b * content() + t] = (long) start + t;
                truth[b * content() + t] = tokens[t];
            }
        }
        int[] lengths = new int[blocks.length];
        Arrays.fill(lengths, length);
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
        return new LabelledBatch(TokenBatch.of(model, ids, layout), new TokenLabels(rows, truth));
    }
}
