package io.longspan.training.objective;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.head.TokenLabels;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Puts sequences one after the other, without padding. */
final class Packed {
    private final List<long[]> sequences = new ArrayList<>();
    private final LongStream.Builder rows = LongStream.builder();
    private final LongStream.Builder truth = LongStream.builder();
    private int length;
    private int guesses;

    /** Neighbours together as long as a batch, and a step, have room for them. */
    static List<int[]> groups(Sequences all, int[] wanted, TrainingConfig config) {
        int tokens = Math.min(config.tokensPerBatch(), config.tokensPerStep());
        List<int[]> groups = new ArrayList<>();
        int first = 0;
        int room = tokens;
        for (int i = 0; i < wanted.length; i++) {
            int length = all.length(wanted[i]);
            if (length > room && i > first) {
                groups.add(Arrays.copyOfRange(wanted, first, i));
                first = i;
                room = tokens;
            }
            room -= length;
        }
        if (first < wanted.length) {
            groups.add(Arrays.copyOfRange(wanted, first, wanted.length));
        }
        return groups;
    }

    void add(long[] sequence) {
        sequences.add(sequence);
        length += sequence.length;
    }

    /** A token of the sequence that is added next is to be guessed. */
    void guess(int position, long token) {
        rows.accept((long) length + position);
        truth.accept(token);
        guesses++;
    }

    int guesses() {
        return guesses;
    }

    /** What was added, as the sample of a group. */
    Feed.Sample sample(TaskSetup setup, int[] group) {
        return new Feed.Sample(batch(setup), IntStream.of(group).asLongStream().boxed().toList());
    }

    private LabelledBatch batch(TaskSetup setup) {
        LongformerConfig model = setup.config();
        long[] ids = sequences.stream().flatMapToLong(LongStream::of).toArray(); // [T]
        int[] lengths = sequences.stream().mapToInt(sequence -> sequence.length).toArray(); // [B]
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
        return new LabelledBatch(
                TokenBatch.of(model, ids, layout),
                new TokenLabels(rows.build().toArray(), truth.build().toArray()));
    }
}
