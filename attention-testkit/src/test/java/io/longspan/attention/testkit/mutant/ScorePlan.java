package io.longspan.attention.testkit.mutant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.TokenRole;
import java.util.Arrays;

/** What the host knows of the score matrix, [H, R, L], of one sequence. */
final class ScorePlan {
    private final ComposedFlaw flaw;
    private final Shape shape;
    private final boolean[] visible;
    private final float[] factor;
    private final int[] biasAt;

    ScorePlan(ComposedFlaw flaw, ComposedCall call, int[] tokens, int sequence) {
        this.flaw = flaw;
        int heads = call.pattern().heads();
        int length = call.layout().length(sequence);
        shape = new Shape(heads, tokens.length, length);
        visible = new boolean[heads * tokens.length * length];
        factor = new float[visible.length];
        biasAt = new int[visible.length];
        Arrays.fill(factor, 1);
        Arrays.fill(biasAt, -1);
        AttentionDropout dropout = call.dropout();
        DropoutMask mask =
                dropout == null ? null : dropout.mask(sequence, call.pattern().dropout());
        KeyWalk walk = new KeyWalk(call.layout(), call.pattern(), Flaw.NONE);
        int start = call.layout().start(sequence);
        for (int h = 0; h < heads; h++) {
            for (int r = 0; r < tokens.length; r++) {
                if (call.layout().role(tokens[r]) != TokenRole.LOCAL) {
                    continue;
                }
                for (KeyWalk.Key key : walk.keys(h, tokens[r])) {
                    int at = (h * tokens.length + r) * length + key.token() - start;
                    visible[at] = true;
                    biasAt[at] =
                            key.column() < 0 ? -1 : h * call.pattern().biasColumns() + key.column();
                    if (mask != null) {
                        factor[at] = mask.factor(h, tokens[r] - start, key.token() - start);
                    }
                }
            }
        }
    }

    NDArray visible(NDManager manager) {
        return owned(flaw, manager.create(visible, shape));
    }

    NDArray factor(NDManager manager) {
        return owned(flaw, manager.create(factor, shape));
    }

    /** Bias of each score, zero where it has none. */
    NDArray bias(NDManager manager, NDArray bias) {
        boolean[] has = new boolean[biasAt.length];
        long[] from = new long[biasAt.length];
        for (int i = 0; i < has.length; i++) {
            has[i] = biasAt[i] >= 0;
            from[i] = Math.max(0, biasAt[i]);
        }
        NDArray index = owned(flaw, manager.create(from));
        NDArray gathered = bias.flatten().take(manager, index).reshape(shape);
        return NDArrays.where(
                owned(flaw, manager.create(has, shape)), gathered, gathered.zerosLike());
    }

    /** A table in memory of its own: what DJL makes of a Java array is lent by a Java buffer. */
    static NDArray owned(ComposedFlaw flaw, NDArray lent) {
        return flaw == ComposedFlaw.TABLES_LENT_TO_AUTOGRAD ? lent : lent.duplicate();
    }
}
