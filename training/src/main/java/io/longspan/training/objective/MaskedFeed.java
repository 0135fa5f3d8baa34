package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Blocks;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Masked blocks of a data set. */
public final class MaskedFeed implements Feed {
    private final TrainingConfig config;
    private final Samples samples;
    private final Blocks blocks;
    private final List<LabelledBatch> heldOut;

    public MaskedFeed(TrainingConfig config, Samples samples, Blocks blocks) {
        this.config = config;
        this.samples = samples;
        this.blocks = blocks;
        heldOut =
                samples.batches(Masking.HELD_OUT, blocks.heldOut(config.looks().blocks())).stream()
                        .map(Sample::batch)
                        .toList();
    }

    @Override
    public List<Sample> batches(long step) {
        int[] wanted = new int[config.sequencesPerStep()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = blocks.sample(step * wanted.length + i);
        }
        return samples.batches(step, wanted);
    }

    @Override
    public long tokens(long step) {
        return config.tokensPerStep();
    }

    @Override
    public String emptyStepAdvice() {
        return "has no token to guess; raise tokens_per_step or mask_share";
    }

    @Override
    public @Nullable Evaluation evaluate(TrainableModel model, AttentionBackend attention) {
        if (heldOut.isEmpty()) {
            return null;
        }
        double sum = 0;
        long guesses = 0;
        for (LabelledBatch batch : heldOut) {
            sum += model.loss(batch, attention);
            guesses += batch.labels().terms();
        }
        return new Evaluation(sum / guesses, new TreeMap<>());
    }
}
