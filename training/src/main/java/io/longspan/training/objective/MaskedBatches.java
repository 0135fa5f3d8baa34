package io.longspan.training.objective;

import io.longspan.attention.SequenceLayout;
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
import java.util.Optional;
import java.util.stream.IntStream;

/** Turns blocks into masked batches: {@code <s>}, the block's tokens, {@code </s>}. */
public final class MaskedBatches implements BlockBatches {
    private final TokenSource data;
    private final LongformerConfig model;
    private final TaskSetup setup;
    private final Masking masking;
    private final int length;
    private final int perBatch;
    private final boolean[] special;

    public MaskedBatches(
            TokenSource data, TaskSetup setup, Masking masking, TrainingConfig config) {
        this.data = data;
        this.setup = setup;
        model = setup.config();
        this.masking = masking;
        length = config.sequenceLength();
        perBatch = config.sequencesPerBatch();
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

    @Override
    public int content() {
        return length - 2;
    }

    /** A masked token is guessed from both sides, so its bits say nothing of a text's size. */
    @Override
    public long characters(int[] blocks) {
        return 0;
    }

    @Override
    public List<Feed.Sample> batches(long step, int[] blocks) {
        List<Feed.Sample> batches = new ArrayList<>();
        for (int first = 0; first < blocks.length; first += perBatch) {
            int last = Math.min(blocks.length, first + perBatch);
            int[] some = Arrays.copyOfRange(blocks, first, last);
            batch(step, some)
                    .map(batch ->
                            new Feed.Sample(
                                    batch, IntStream.of(some).asLongStream().boxed().toList()))
                    .ifPresent(batches::add);
        }
        return batches;
    }

    private Optional<LabelledBatch> batch(long step, int[] blocks) {
        long[] ids = new long[blocks.length * length];
        long[] truth = new long[ids.length];
        boolean[] chosen = new boolean[ids.length];
        for (int b = 0; b < blocks.length; b++) {
            long[] sequence = sequence(blocks[b]);
            System.arraycopy(sequence, 0, truth, b * length, length);
            boolean[] hidden = masking.hide(step, blocks[b], sequence, special);
            System.arraycopy(sequence, 0, ids, b * length, length);
            System.arraycopy(hidden, 0, chosen, b * length, length);
        }
        int[] rows = IntStream.range(0, ids.length).filter(t -> chosen[t]).toArray();
        if (rows.length == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new LabelledBatch(
                        TokenBatch.of(model, ids, layout(ids, blocks.length)),
                        new TokenLabels(
                                IntStream.of(rows).asLongStream().toArray(),
                                IntStream.of(rows).mapToLong(t -> truth[t]).toArray())));
    }

    private long[] sequence(int block) {
        int content = length - 2;
        int[] tokens = data.read((long) block * content, content);
        long[] sequence = new long[length];
        sequence[0] = model.ids().bos();
        for (int i = 0; i < content; i++) {
            sequence[i + 1] = tokens[i];
        }
        sequence[length - 1] = model.ids().eos();
        return sequence;
    }

    private SequenceLayout layout(long[] ids, int sequences) {
        int[] lengths = new int[sequences];
        Arrays.fill(lengths, length);
        return setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
    }
}
