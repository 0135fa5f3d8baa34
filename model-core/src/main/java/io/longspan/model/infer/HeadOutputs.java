package io.longspan.model.infer;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.head.Labels;
import io.longspan.model.head.SpanHead;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TokenHead;
import java.util.ArrayList;
import java.util.List;

/** Scores of a batch as transformers names and shapes them. */
final class HeadOutputs {
    private HeadOutputs() {}

    /**
     * The tensors of a batch.
     *
     * @param scores [R, K], of all rows that the head reads
     */
    static List<OutgoingTensor> of(TaskHead head, BatchTensors batch, float[] scores) {
        List<OutgoingTensor> tensors = new ArrayList<>();
        int rows = batch.rows();
        int length = batch.length();
        if (head instanceof SpanHead) {
            tensors.add(
                    OutgoingTensor.of("start_logits", column(scores, 0), rows, length)); // [B, L]
            tensors.add(OutgoingTensor.of("end_logits", column(scores, 1), rows, length)); // [B, L]
        } else if (head instanceof TokenHead) {
            tensors.add(
                    OutgoingTensor.of("logits", scores, rows, length, head.classes())); // [B, L, K]
        } else {
            // One row of classes, or one score for each choice.
            tensors.add(OutgoingTensor.of("logits", scores, rows, scores.length / rows)); // [B, K]
        }
        batch.labels()
                .ifPresent(labels ->
                        tensors.add(
                                OutgoingTensor.of(
                                        "loss", new float[] {loss(head, batch, labels, scores)})));
        return tensors;
    }

    private static float loss(TaskHead head, BatchTensors batch, Labels labels, float[] scores) {
        SequenceLayout layout = batch.tokens().layout();
        long[] all = head.rows(layout);
        long[] wanted = labels.rows(layout);
        float[] read = scores;
        if (wanted.length < all.length) {
            // A head that scores fewer rows than all tokens has labels for each of them.
            int classes = head.classes();
            read = new float[wanted.length * classes];
            for (int r = 0; r < wanted.length; r++) {
                System.arraycopy(scores, (int) wanted[r] * classes, read, r * classes, classes);
            }
        }
        return (float) (labels.loss(read, layout, null) / labels.terms());
    }

    private static float[] column(float[] scores, int column) {
        float[] found = new float[scores.length / 2];
        for (int t = 0; t < found.length; t++) {
            found[t] = scores[2 * t + column];
        }
        return found;
    }
}
