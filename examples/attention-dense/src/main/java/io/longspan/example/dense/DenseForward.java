package io.longspan.example.dense;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.TokenRole;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One forward pass: for each row and head, scores of the visible keys, softmax, weighted sum of
 * values.
 */
final class DenseForward {
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] rows;
    private final Tensor query;
    private final Tensor key;
    private final Tensor value;
    private final Tensor output;
    private final MemorySegment logSumExp;
    private final int headSize;
    private final float[] scores;

    DenseForward(DensePlan plan, ForwardTensors tensors) {
        layout = plan.layout();
        pattern = plan.workload().pattern();
        rows = plan.rows().indices(layout);
        query = new Tensor(tensors.query()); // [R, H, D]
        key = new Tensor(tensors.key()); // [T, H, D]
        value = new Tensor(tensors.value()); // [T, H, D]
        output = new Tensor(tensors.output()); // [R, H, D]
        logSumExp =
                tensors.logSumExp() == null
                        ? MemorySegment.NULL
                        : tensors.logSumExp().segment(); // [R, H]
        headSize = plan.workload().headSize();
        scores = new float[layout.longest()];
    }

    void run() {
        for (int r = 0; r < rows.length; r++) {
            for (int h = 0; h < pattern.heads(); h++) {
                float sum = layout.role(rows[r]) == TokenRole.LOCAL ? attend(r, h) : nothing(r, h);
                if (logSumExp.byteSize() > 0) {
                    logSumExp.setAtIndex(
                            ValueLayout.JAVA_FLOAT, (long) r * pattern.heads() + h, sum);
                }
            }
        }
    }

    private float nothing(int r, int h) {
        for (int d = 0; d < headSize; d++) {
            output.set(r, h, d, 0);
        }
        return Float.NEGATIVE_INFINITY;
    }

    /**
     * Writes the output of row r and returns its log-sum-exp. A LOCAL row sees itself, so there is
     * always a key.
     */
    private float attend(int r, int h) {
        int sequence = layout.sequenceOf(rows[r]);
        int start = layout.start(sequence);
        int length = layout.length(sequence);
        float most = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < length; j++) {
            scores[j] =
                    visible(rows[r] - start, j, start, h)
                            ? dot(r, start + j, h)
                            : Float.NEGATIVE_INFINITY;
            most = Math.max(most, scores[j]);
        }
        double total = 0;
        for (int j = 0; j < length; j++) {
            scores[j] = (float) Math.exp(scores[j] - most);
            total += scores[j];
        }
        for (int d = 0; d < headSize; d++) {
            double mean = 0;
            for (int j = 0; j < length; j++) {
                if (scores[j] != 0) {
                    mean += scores[j] * value.get(start + j, h, d);
                }
            }
            output.set(r, h, d, (float) (mean / total));
        }
        return (float) (most + Math.log(total));
    }

    /** Whether row i sees key j, both counted inside their sequence. */
    private boolean visible(int i, int j, int start, int h) {
        return switch (layout.role(start + j)) {
            case MASKED -> false;
            case GLOBAL -> !pattern.causal() || j <= i;
            case LOCAL -> {
                int distance = j - i;
                int steps = distance / pattern.dilation(h);
                yield distance % pattern.dilation(h) == 0
                        && -pattern.left(h) <= steps
                        && steps <= pattern.right(h);
            }
        };
    }

    private float dot(int r, int token, int h) {
        float sum = 0;
        for (int d = 0; d < headSize; d++) {
            sum += query.get(r, h, d) * key.get(token, h, d);
        }
        return sum * pattern.scale();
    }

    /** A float32 tensor of three dimensions in host memory. */
    private static final class Tensor {
        private final MemorySegment memory;
        private final long rowStride;
        private final long headStride;

        Tensor(TensorView view) {
            memory = view.segment();
            rowStride = view.stride(0);
            headStride = view.stride(1);
        }

        float get(int row, int head, int d) {
            return memory.getAtIndex(
                    ValueLayout.JAVA_FLOAT, row * rowStride + head * headStride + d);
        }

        void set(int row, int head, int d, float element) {
            memory.setAtIndex(
                    ValueLayout.JAVA_FLOAT, row * rowStride + head * headStride + d, element);
        }
    }
}
