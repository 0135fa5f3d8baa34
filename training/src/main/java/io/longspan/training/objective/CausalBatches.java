package io.longspan.training.objective;

import io.longspan.model.ModelInputException;
import io.longspan.model.head.TaskSetup;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Cut;
import io.longspan.training.data.Sequences;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Turns sequences into batches in which every token is guessed from those before it: {@code <s>}
 * and the tokens, each the label of the place before.
 */
final class CausalBatches implements BlockBatches {
    private final Sequences sequences;
    private final TaskSetup setup;
    private final ToLongFunction<List<int[]>> characters;
    private final TrainingConfig config;

    /**
     * Batches for a causal model.
     *
     * @param sequences cut by {@link #cut}
     * @param characters how many characters the tokens of some sequences stand for, 0 when it is
     *     not known
     * @throws ModelInputException when the model sees what comes after
     */
    CausalBatches(
            Sequences sequences,
            TaskSetup setup,
            TrainingConfig config,
            ToLongFunction<List<int[]>> characters) {
        this.sequences = sequences;
        this.setup = setup;
        this.characters = characters;
        this.config = config;
        if (!setup.config().causal()) {
            throw new ModelInputException(
                    "the objective is causal-lm and '"
                            + config.model()
                            + "' sees what comes after a token; name a model whose config.json has \"causal\": true, or set objective: masked-lm");
        }
    }

    /** What a sequence takes of a data set; the end of a document is guessed too. */
    static Cut cut(TrainingConfig config) {
        return new Cut(config.sequenceLength() - 1, 1, true);
    }

    @Override
    public long characters(int[] wanted) {
        return characters.applyAsLong(IntStream.of(wanted).mapToObj(sequences::tokens).toList());
    }

    @Override
    public List<Feed.Sample> batches(long step, int[] wanted) {
        List<Feed.Sample> batches = new ArrayList<>();
        for (int[] group : Packed.groups(sequences, wanted, config)) {
            Packed packed = new Packed();
            for (int number : group) {
                int[] tokens = sequences.tokens(number);
                long[] sequence = new long[tokens.length + 1];
                sequence[0] = setup.config().ids().bos();
                for (int t = 0; t < tokens.length; t++) {
                    sequence[t + 1] = tokens[t];
                    packed.guess(t, tokens[t]);
                }
                packed.add(sequence);
            }
            batches.add(packed.sample(setup, group));
        }
        return batches;
    }
}
