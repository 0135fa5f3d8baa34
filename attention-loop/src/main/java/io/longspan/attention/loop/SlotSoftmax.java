package io.longspan.attention.loop;

import ai.djl.ndarray.NDArray;

/**
 * One softmax over exactly the keys that a row sees. Unseen keys are left out, not pushed far down,
 * and a row that sees none gets zeros.
 *
 * @param weights [R, H, S], 0 at unseen keys
 * @param logSumExp [R, H], minus infinity where no key has a finite score
 */
record SlotSoftmax(NDArray weights, NDArray logSumExp) {
    static SlotSoftmax of(LoopForward forward, NDArray scores, NDArray visible) {
        NDArray seen = forward.keep(visible, scores, Float.NEGATIVE_INFINITY); // [R, H, S]
        NDArray highest = seen.max(new int[] {2}, true).stopGradient(); // [R, H, 1]
        // With nothing to subtract from, minus infinity less itself would be NaN.
        NDArray peak = forward.keep(highest.gt(Float.NEGATIVE_INFINITY), highest, 0); // [R, H, 1]
        NDArray shares = seen.sub(peak).exp(); // [R, H, S]
        NDArray sum = shares.sum(new int[] {2}, true); // [R, H, 1]
        NDArray any = sum.gt(0); // [R, H, 1]
        NDArray divisor = forward.keep(any, sum, 1); // [R, H, 1]
        NDArray logSumExp =
                forward.keep(any, divisor.log().add(peak), Float.NEGATIVE_INFINITY).squeeze(2);
        return new SlotSoftmax(shares.div(divisor), logSumExp);
    }
}
