package io.longspan.training.objective;

import io.longspan.model.config.LongformerConfig;
import io.longspan.model.head.TaskSetup;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Cut;
import io.longspan.training.data.Sequences;
import java.util.ArrayList;
import java.util.List;

/** Turns sequences into masked batches: {@code <s>}, the tokens, {@code </s>}. */
public final class MaskedBatches implements BlockBatches {
    private final Sequences sequences;
    private final LongformerConfig model;
    private final TaskSetup setup;
    private final Masking masking;
    private final TrainingConfig config;
    private final boolean[] special;

    /**
     * Batches for a model that guesses masked tokens.
     *
     * @param sequences cut by {@link #cut}
     */
    public MaskedBatches(
            Sequences sequences, TaskSetup setup, Masking masking, TrainingConfig config) {
        this.sequences = sequences;
        this.setup = setup;
        model = setup.config();
        this.masking = masking;
        this.config = config;
        special = new boolean[model.vocabSize()];
        for (int id :
                new int[] {
                    model.ids().bos(),
                    model.ids().eos(),
                    model.ids().sep(),
                    model.ids().pad(),
                    masking.maskId()
                }) {
            special[id] = true;
        }
    }

    /** What a sequence takes of a data set. */
    public static Cut cut(TrainingConfig config) {
        return new Cut(config.sequenceLength() - 2, 2, false);
    }

    /** A masked token is guessed from both sides, so its bits say nothing of a text's size. */
    @Override
    public long characters(int[] wanted) {
        return 0;
    }

    @Override
    public List<Feed.Sample> batches(long step, int[] wanted) {
        List<Feed.Sample> batches = new ArrayList<>();
        for (int[] group : Packed.groups(sequences, wanted, config)) {
            Packed packed = new Packed();
            for (int number : group) {
                long[] sequence = sequence(number);
                long[] truth = sequence.clone();
                boolean[] chosen = masking.hide(step, number, sequence, special);
                for (int t = 0; t < chosen.length; t++) {
                    if (chosen[t]) {
                        packed.guess(t, truth[t]);
                    }
                }
                packed.add(sequence);
            }
            if (packed.guesses() > 0) {
                batches.add(packed.sample(setup, group));
            }
        }
        return batches;
    }

    private long[] sequence(int number) {
        int[] tokens = sequences.tokens(number);
        long[] sequence = new long[tokens.length + 2];
        sequence[0] = model.ids().bos();
        for (int i = 0; i < tokens.length; i++) {
            sequence[i + 1] = tokens[i];
        }
        sequence[sequence.length - 1] = model.ids().eos();
        return sequence;
    }
}
