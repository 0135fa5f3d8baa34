package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import io.longspan.training.metric.Evaluation;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of data sets. Measured are loss, perplexity (its exponential) and bits per token (the
 * loss by the logarithm of 2), and bits per character where the characters are known.
 */
public final class StreamFeed implements Feed {
    private final BlockBatches samples;
    private final Sequences sequences;
    private final StepBorders borders;
    private final List<LabelledBatch> heldOut;
    private final long characters;
    private final int measured;

    public StreamFeed(TrainingConfig config, BlockBatches samples, Sequences sequences) {
        this.samples = samples;
        this.sequences = sequences;
        borders = new StepBorders(config, sequences);
        int[] kept = sequences.heldOut(config.looks().blocks());
        heldOut = samples.batches(Masking.HELD_OUT, kept).stream().map(Sample::batch).toList();
        characters = samples.characters(kept);
        measured = kept.length;
    }

    /** Sequences that are held out to be measured. */
    public int measured() {
        return measured;
    }

    @Override
    public Step step(long number) {
        int[] wanted = wanted(number);
        return new Step(samples.batches(number, wanted), read(wanted));
    }

    @Override
    public ReadSoFar read(long number) {
        return read(wanted(number));
    }

    @Override
    public void goOn(long number, ReadSoFar before) {
        borders.know(number, before.sequences());
    }

    private int[] wanted(long number) {
        return LongStream.range(borders.first(number), borders.first(number + 1))
                .mapToInt(sequences::sample)
                .toArray();
    }

    private ReadSoFar read(int[] wanted) {
        NavigableMap<String, Long> bySource = new TreeMap<>();
        sequences.names().forEach(name -> bySource.put(name, 0L));
        for (int sequence : wanted) {
            bySource.merge(
                    sequences.source(sequence), (long) sequences.length(sequence), Long::sum);
        }
        long tokens = bySource.values().stream().mapToLong(Long::longValue).sum();
        return new ReadSoFar(
                wanted.length,
                tokens,
                bySource.size() > 1 ? bySource : Collections.emptyNavigableMap());
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
