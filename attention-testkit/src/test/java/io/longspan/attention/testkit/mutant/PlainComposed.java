package io.longspan.attention.testkit.mutant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.Capabilities;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.Support;
import io.longspan.attention.TokenRole;
import io.longspan.attention.Workload;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Attention of NDArray operations: for each sequence one dense score matrix and a mask. */
final class PlainComposed implements ComposedBackend {
    private final ComposedFlaw flaw;
    private boolean closed;

    PlainComposed(ComposedFlaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public Support supports(Workload workload) {
        return Capabilities.everythingOnCpu().check(workload);
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        if (closed) {
            throw new IllegalStateException("backend 'composed' is closed");
        }
        supports(call.workload()).orThrow("composed");
        NDManager caller = call.query().getManager();
        if (flaw == ComposedFlaw.TEMPORARIES_LEFT_WITH_THE_CALLER) {
            return compute(call, caller);
        }
        try (NDManager own = caller.newSubManager()) {
            own.tempAttachAll(call.query(), call.key(), call.value());
            if (call.offsetBias() != null) {
                own.tempAttachAll(call.offsetBias());
            }
            ComposedResult result = compute(call, own);
            result.output().attach(caller);
            if (result.logSumExp() != null) {
                result.logSumExp().attach(caller);
            }
            return result;
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private ComposedResult compute(ComposedCall call, NDManager own) {
        if (flaw == ComposedFlaw.INPUT_SCALED_IN_PLACE && !call.query().hasGradient()) {
            call.query().muli(0.5f);
        }
        int[] rows = call.rows().indices(call.layout());
        int[] tokens = new int[call.layout().tokens()];
        Arrays.setAll(tokens, t -> t);
        boolean byZero = flaw == ComposedFlaw.INPUTS_CLEANED_BY_TIMES_ZERO;
        NDArray localRows = roles(call, own, rows, TokenRole.LOCAL);
        NDArray unmasked = roles(call, own, tokens, TokenRole.MASKED).logicalNot();
        NDArray query = clean(call.query(), localRows, byZero);
        NDArray key = clean(call.key(), unmasked, byZero);
        NDArray value = clean(call.value(), unmasked, byZero);
        NDList outputs = new NDList();
        NDList sums = new NDList();
        int first = 0;
        for (int b = 0; b < call.layout().sequences(); b++) {
            int end = call.layout().end(b);
            int next = first;
            while (next < rows.length && rows[next] < end) {
                next++;
            }
            if (next > first) {
                String some = first + ":" + next;
                String all = call.layout().start(b) + ":" + end;
                ScorePlan plan =
                        new ScorePlan(flaw, call, Arrays.copyOfRange(rows, first, next), b);
                sequence(
                        plan,
                        call,
                        own,
                        query.get(some),
                        key.get(all),
                        value.get(all),
                        outputs,
                        sums);
            }
            first = next;
        }
        NDArray output = joined(outputs);
        boolean clears = flaw == ComposedFlaw.OUTPUT_ROWS_CLEARED_BY_TIMES_ZERO;
        return new ComposedResult(
                clean(output, localRows, clears), call.wantLogSumExp() ? joined(sums) : null);
    }

    private void sequence(
            ScorePlan plan,
            ComposedCall call,
            NDManager own,
            NDArray query,
            NDArray key,
            NDArray value,
            NDList outputs,
            NDList sums) {
        // [H, R, D] x [H, D, L]
        NDArray scores = query.transpose(1, 0, 2).matMul(key.transpose(1, 2, 0));
        scores = scores.mul(ScorePlan.owned(flaw, own.create(call.pattern().scale())));
        @Nullable NDArray bias = call.offsetBias();
        if (bias != null) {
            scores = scores.add(plan.bias(own, bias));
        }
        NDArray visible = plan.visible(own);
        float excluded =
                flaw == ComposedFlaw.KEYS_EXCLUDED_BY_MINUS_10000
                        ? -10_000
                        : Float.NEGATIVE_INFINITY;
        scores = NDArrays.where(visible, scores, scores.zerosLike().add(excluded));
        // [H, R, 1]
        NDArray top = scores.max(new int[] {2}, true).stopGradient();
        NDArray any = top.gt(Float.NEGATIVE_INFINITY);
        NDArray safeTop = NDArrays.where(any, top, top.zerosLike());
        NDArray exp = scores.sub(safeTop).exp();
        NDArray sum = exp.sum(new int[] {2}, true);
        NDArray weights = exp.div(NDArrays.where(any, sum, sum.onesLike()));
        if (call.drops()) {
            weights = weights.mul(plan.factor(own));
        }
        // [H, R, L] x [H, L, D], to [R, H, D]
        outputs.add(weights.matMul(value.transpose(1, 0, 2)).transpose(1, 0, 2));
        sums.add(safeTop.add(sum.log()).squeeze(2).transpose().stopGradient());
    }

    /** DJL joins a list of one by copying its numbers, and the copy has no gradient. */
    private static NDArray joined(NDList parts) {
        return parts.size() == 1 ? parts.head() : NDArrays.concat(parts, 0);
    }

    private static NDArray clean(NDArray array, NDArray keep, boolean byZero) {
        return byZero
                ? array.mul(keep.toType(array.getDataType(), true))
                : NDArrays.where(keep.broadcast(array.getShape()), array, array.zerosLike());
    }

    /** Whether each token has a role, [n, 1, 1]. */
    private NDArray roles(ComposedCall call, NDManager own, int[] tokens, TokenRole role) {
        boolean[] has = new boolean[tokens.length];
        for (int i = 0; i < has.length; i++) {
            has[i] = call.layout().role(tokens[i]) == role;
        }
        return ScorePlan.owned(flaw, own.create(has, new Shape(tokens.length, 1, 1)));
    }
}
