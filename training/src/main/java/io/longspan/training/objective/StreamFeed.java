package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Blocks;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a data set. Measured are loss, perplexity (its exponential) and bits per token (the
 * loss by the logarithm of 2), and bits per character where the characters are known.
 */
public final class StreamFeed implements Feed {
    private final TrainingConfig config;
    private final BlockBatches samples;
    private final Blocks blocks;
    private final List<LabelledBatch> heldOut;
    private final long characters;

    public StreamFeed(TrainingConfig config, BlockBatches samples, Blocks blocks) {
        this.config = config;
        this.samples = samples;
        this.blocks = blocks;
        int[] kept = blocks.heldOut(config.looks().blocks());
        heldOut = samples.batches(Masking.HELD_OUT, kept).stream().map(Sample::batch).toList();
        characters = samples.characters(kept);
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
    public String origin(Sample sample) {
        return sample.samples().stream()
                .map(block ->
                        "tokens "
                                + block * samples.content()
                                + " to "
                                + ((block + 1) * samples.content() - 1))
                .collect(Collectors.joining(", ", "the data set: ", ""));
    }

    @Override
    public String emptyStepAdvice() {
        return "has no token to guess; raise tokens_per_step, or mask_share if tokens are masked";
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
        NavigableMap<String, Double> metrics = new TreeMap<>();
        metrics.put(Evaluation.PERPLEXITY, Math.exp(sum / guesses));
        metrics.put(Evaluation.BITS_PER_TOKEN, sum / guesses / Math.log(2));
        if (characters > 0) {
            metrics.put(Evaluation.BITS_PER_CHARACTER, sum / characters / Math.log(2));
        }
        return new Evaluation(sum / guesses, metrics);
    }
}
