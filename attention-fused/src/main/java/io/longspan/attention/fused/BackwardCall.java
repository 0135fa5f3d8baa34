package io.longspan.attention.fused;

import io.longspan.attention.TensorView;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Adds up what the items of a backward call left apart, in their order. */
final class BackwardCall {
    private final FusedPlan plan;
    private final TileMath math;
    private final BackwardViews tensors;
    private final Partial[] partials;

    BackwardCall(FusedPlan plan, TileMath math, BackwardViews tensors) {
        this.plan = plan;
        this.math = math;
        this.tensors = tensors;
        partials = new Partial[plan.work().backward().size()];
        Arrays.setAll(partials, this::partial);
    }

    private Partial partial(int item) {
        int sequence = plan.work().backward().get(item).strip().sequence();
        return new Partial(plan.globals(sequence).length, Tile.chunks(plan.workload().headSize()));
    }

    Partial partialOf(int item) {
        return partials[item];
    }

    /** The number of pairs of sequence and head. */
    int pairs() {
        return plan.layout().sequences() * plan.pattern().heads();
    }

    /** Adds up one pair's shares and writes the gradients of its global keys. */
    void addUp(int pair) {
        int first = plan.work().firstOfPair().get(pair);
        int end = plan.work().firstOfPair().get(pair + 1);
        Partial sum = partials[first];
        for (int item = first + 1; item < end; item++) {
            sum.add(partials[item]);
        }
        int head = pair % plan.pattern().heads();
        int[] globals = plan.globals(pair / plan.pattern().heads());
        write(sum.key(), globals, head, tensors.keyGradient());
        write(sum.value(), globals, head, tensors.valueGradient());
    }

    private void write(float[] sum, int[] globals, int head, Matrix to) {
        int headSize = plan.workload().headSize();
        int chunks = Tile.chunks(headSize);
        for (int g = 0; g < globals.length; g++) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                int at = Partial.square(g, chunk, chunks) + g % Tile.SIZE * Tile.SIZE;
                int width = Tile.width(headSize, chunk);
                long offset = to.offset(globals[g], head, chunk);
                math.rows().store(sum, at, width, 1, to.memory(), offset);
            }
        }
    }

    /** Writes the gradient of the offset bias, after every pair was added up. */
    void writeBias() {
        TensorView view = tensors.offsetBiasGradient();
        if (view == null) {
            return;
        }
        Matrix gradient = new Matrix(view);
        int heads = plan.pattern().heads();
        for (int head = 0; head < heads; head++) {
            double[] sum = new double[plan.pattern().biasColumns()];
            int first = plan.pattern().maxLeft() - plan.pattern().left(head);
            for (int pair = head; pair < pairs(); pair += heads) {
                double[] share = partials[plan.work().firstOfPair().get(pair)].bias();
                for (int i = 0; i < share.length; i++) {
                    sum[first + i] += share[i];
                }
            }
            for (int column = 0; column < sum.length; column++) {
                gradient.memory()
                        .set(
                                ValueLayout.JAVA_FLOAT_UNALIGNED,
                                gradient.offset(head, column),
                                (float) sum[column]);
            }
        }
    }
}
