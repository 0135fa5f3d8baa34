package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Philox;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.head.TaskSetup;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Permutation;
import io.longspan.training.example.EncodedExample;
import io.longspan.training.example.ExampleData;
import io.longspan.training.example.ExampleMetrics;
import io.longspan.training.example.ExampleTask;
import io.longspan.training.metric.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Examples in an order that depends on the seed and the epoch, each once an epoch; the last step of
 * an epoch may have fewer. Batches are packed up to a number of tokens, without padding.
 */
public final class ExampleFeed implements Feed {
    private static final int ORDER = 19;

    private final TrainingConfig config;
    private final TaskSetup setup;
    private final ExampleData data;

    public ExampleFeed(TrainingConfig config, TaskSetup setup, ExampleData data) {
        this.config = config;
        this.setup = setup;
        this.data = data;
    }

    @Override
    public Step step(long number) {
        int[] wanted = order(number);
        return new Step(
                packed(data.training(), wanted).stream()
                        .map(rows -> sample(data.training(), rows))
                        .filter(sample -> sample.batch().labels().terms() > 0)
                        .toList(),
                read(wanted));
    }

    private Sample sample(List<EncodedExample> examples, List<Integer> rows) {
        return new Sample(
                batch(examples, rows),
                samples(examples, rows),
                examples.get(rows.getFirst()).sequences().size());
    }

    /** A number for each sequence, the same whatever else is in the batch. */
    private static List<Long> samples(List<EncodedExample> examples, List<Integer> rows) {
        return rows.stream()
                .flatMap(i -> {
                    int several = examples.get(i).sequences().size();
                    return IntStream.range(0, several).mapToObj(c -> (long) i * several + c);
                })
                .toList();
    }

    @Override
    public ReadSoFar read(long number) {
        return read(order(number));
    }

    private ReadSoFar read(int[] wanted) {
        long tokens = IntStream.of(wanted).mapToLong(i -> data.training().get(i).tokens()).sum();
        return new ReadSoFar(wanted.length, tokens, Collections.emptyNavigableMap());
    }

    @Override
    public String origin(Sample sample) {
        // All examples of a batch have as many sequences.
        int several = sample.several();
        return data.tuning().train()
                + ": "
                + sample.samples().stream()
                        .map(number -> data.training().get((int) (number / several)).origin())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    @Override
    public String emptyStepAdvice() {
        return "has no example with an answer to learn; give more";
    }

    @Override
    public @Nullable Evaluation evaluate(TrainableModel model, AttentionBackend attention) {
        List<EncodedExample> heldOut = data.heldOut();
        if (heldOut.isEmpty()) {
            return null;
        }
        ExampleTask task = data.task();
        ExampleMetrics metrics = task.metrics();
        double sum = 0;
        long terms = 0;
        for (List<Integer> rows : packed(heldOut, IntStream.range(0, heldOut.size()).toArray())) {
            LabelledBatch batch = batch(heldOut, rows);
            if (batch.labels().terms() == 0) {
                continue;
            }
            float[] scores = model.scores(batch, attention); // [R, K]
            sum += batch.labels().loss(scores, batch.tokens().layout(), null);
            terms += batch.labels().terms();
            int at = 0;
            for (int i : rows) {
                EncodedExample example = heldOut.get(i);
                int count = task.scores(example);
                metrics.add(example, Arrays.copyOfRange(scores, at, at + count));
                at += count;
            }
        }
        return new Evaluation(sum / terms, metrics.measured());
    }

    /** The examples of a step. */
    private int[] order(long step) {
        int all = data.training().size();
        int perStep = data.tuning().examplesPerStep();
        int perEpoch = data.stepsPerEpoch();
        long epoch = step / perEpoch;
        int from = (int) (step % perEpoch) * perStep;
        Permutation order = new Permutation(Philox.derive(config.seed(), epoch, ORDER), all);
        return IntStream.range(from, (int) Math.min(all, (long) from + perStep))
                .map(order::at)
                .toArray();
    }

    /**
     * Neighbours together as long as they fit and have as many choices; one that is too long for a
     * batch has its own.
     */
    private List<List<Integer>> packed(List<EncodedExample> examples, int[] wanted) {
        List<List<Integer>> batches = new ArrayList<>();
        int room = 0;
        int several = 0;
        for (int i : wanted) {
            EncodedExample example = examples.get(i);
            int length = example.tokens();
            if (batches.isEmpty() || length > room || example.sequences().size() != several) {
                batches.add(new ArrayList<>());
                room = config.tokensPerBatch();
                several = example.sequences().size();
            }
            batches.getLast().add(i);
            room -= length;
        }
        return batches;
    }

    private LabelledBatch batch(List<EncodedExample> examples, List<Integer> rows) {
        List<EncodedExample> chosen = rows.stream().map(examples::get).toList();
        List<long[]> sequences =
                chosen.stream().flatMap(example -> example.sequences().stream()).toList();
        long[] ids = sequences.stream().flatMapToLong(LongStream::of).toArray(); // [T]
        int[] lengths = sequences.stream().mapToInt(sequence -> sequence.length).toArray(); // [B]
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
        return new LabelledBatch(
                TokenBatch.of(setup.config(), ids, layout), data.task().labels(chosen));
    }
}
