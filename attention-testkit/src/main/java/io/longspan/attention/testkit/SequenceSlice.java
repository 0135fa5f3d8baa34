package io.longspan.attention.testkit;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.Feature;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One sequence of a batch as a case of its own, and its part of the batch's tensors. */
final class SequenceSlice {
    private final AttentionCase batch;
    private final int sequence;
    private final int firstRow;
    private final int rows;
    private final AttentionCase alone;

    private SequenceSlice(AttentionCase batch, int sequence, int firstRow, int rows) {
        this.batch = batch;
        this.sequence = sequence;
        this.firstRow = firstRow;
        this.rows = rows;
        alone = cutCase();
    }

    /** Every sequence of a batch that has a wanted row. */
    static List<SequenceSlice> allOf(AttentionCase batch) {
        List<SequenceSlice> slices = new ArrayList<>();
        int[] listed = batch.rows().indices(batch.layout());
        for (int b = 0; b < batch.layout().sequences(); b++) {
            int sequence = b;
            int before =
                    (int)
                            Arrays.stream(listed)
                                    .filter(row -> row < batch.layout().start(sequence))
                                    .count();
            int inside =
                    (int)
                            Arrays.stream(listed)
                                    .filter(row -> batch.layout().sequenceOf(row) == sequence)
                                    .count();
            if (inside > 0) {
                slices.add(new SequenceSlice(batch, sequence, before, inside));
            }
        }
        return slices;
    }

    /** Fails unless every sequence alone gives the bits that it gives in the batch. */
    static void requireSameBits(AttentionCase asked, ContractSubject subject) {
        boolean wantLogSumExp = subject.declares(Feature.LOG_SUM_EXP);
        AttentionTensors tensors = asked.tensors();
        Answer batch = subject.driver().forward(asked, tensors, wantLogSumExp);
        for (SequenceSlice slice : allOf(asked)) {
            Answer own = subject.driver().forward(slice.alone, slice.cut(tensors), wantLogSumExp);
            CaseCheck check = new CaseCheck(slice.alone, subject);
            check.rows("output alone, against the batch")
                    .identical(own.output(), slice.cutRows(batch.output()));
            float[] together = batch.logSumExp();
            float[] apart = own.logSumExp();
            if (together != null && apart != null) {
                check.perRow().identical(apart, slice.cutRows(together));
            }
        }
    }

    /** The sequence in a batch of its own. */
    AttentionCase alone() {
        return alone;
    }

    /** The sequence's part of the batch's inputs. */
    AttentionTensors cut(AttentionTensors of) {
        float[] bias = of.bias();
        return new AttentionTensors(
                cutRows(of.query()),
                cutTokens(of.key()),
                cutTokens(of.value()),
                bias == null ? null : bias.clone(),
                cutRows(of.outputGradient()));
    }

    /** The sequence's part of something with a first dimension of R. */
    float[] cutRows(float[] of) {
        int width = of.length / batch.rowCount();
        return Arrays.copyOfRange(of, firstRow * width, (firstRow + rows) * width);
    }

    /** The sequence's part of something with a first dimension of T. */
    float[] cutTokens(float[] of) {
        int width = of.length / batch.layout().tokens();
        return Arrays.copyOfRange(
                of, batch.layout().start(sequence) * width, batch.layout().end(sequence) * width);
    }

    private AttentionCase cutCase() {
        SequenceLayout layout = batch.layout();
        int start = layout.start(sequence);
        byte[] roles = Arrays.copyOfRange(layout.roles(), start, layout.end(sequence));
        int[] listed =
                Arrays.stream(batch.rows().indices(layout))
                        .skip(firstRow)
                        .limit(rows)
                        .map(row -> row - start)
                        .toArray();
        AttentionDropout dropout = batch.dropout();
        return batch.with(
                "sequence " + sequence + " alone",
                SequenceLayout.of(new int[] {0, roles.length}, roles),
                batch.rows().isAll() ? QueryRows.all() : QueryRows.of(listed),
                dropout == null
                        ? null
                        : new AttentionDropout(
                                dropout.seed(),
                                dropout.step(),
                                dropout.layer(),
                                List.of(dropout.sampleIds().get(sequence))));
    }
}
