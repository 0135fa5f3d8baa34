package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.Packing;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of data sets. Measured are loss, perplexity (its exponential) and bits per token (the
 * loss by the logarithm of 2), and bits per character where the characters are known.
 */
public final class StreamFeed implements Feed {
    private final TrainingConfig config;
    private final BlockBatches samples;
    private final Sequences sequences;
    private final StepBorders borders;
    private final List<LabelledBatch> heldOut;
    private final long characters;

    public StreamFeed(TrainingConfig config, BlockBatches samples, Sequences sequences) {
        this.config = config;
        this.samples = samples;
        this.sequences = sequences;
        borders = new StepBorders(config, sequences);
        int[] kept = sequences.heldOut(config.looks().blocks());
        heldOut = samples.batches(Masking.HELD_OUT, kept).stream().map(Sample::batch).toList();
        characters = samples.characters(kept);
    }

    @Override
    public List<Sample> batches(long step) {
        return samples.batches(step, wanted(step).toArray());
    }

    private IntStream wanted(long step) {
        return LongStream.range(borders.first(step), borders.first(step + 1))
                .mapToInt(sequences::sample);
    }

    @Override
    public long tokens(long step) {
        return config.data().packing() == Packing.CONCATENATED
                ? config.tokensPerStep()
                : wanted(step).mapToLong(sequences::length).sum();
    }

    @Override
    public NavigableMap<String, Long> tokensBySource(long step) {
        NavigableMap<String, Long> tokens = new TreeMap<>();
        List<String> names = sequences.names();
        if (names.size() > 1) {
            names.forEach(name -> tokens.put(name, 0L));
            wanted(step)
                    .forEach(sequence ->
                            tokens.merge(
                                    sequences.source(sequence),
                                    (long) sequences.length(sequence),
                                    Long::sum));
        }
        return tokens;
    }

    @Override
    public String origin(Sample sample) {
        return sample.samples().stream()
                .map(Math::toIntExact)
                .map(sequence -> sequences.source(sequence) + ": " + sequences.place(sequence))
                .collect(Collectors.joining(", "));
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
