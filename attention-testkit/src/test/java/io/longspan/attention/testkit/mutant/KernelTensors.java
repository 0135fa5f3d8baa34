package io.longspan.attention.testkit.mutant;

import io.longspan.attention.TensorView;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of both passes.
 *
 * @param query [R, H, D]
 * @param key [T, H, D]
 * @param value [T, H, D]
 * @param bias [H, columns], or null
 * @param headSize D
 */
record KernelTensors(
        Strided query, Strided key, Strided value, @Nullable Strided bias, int headSize) {

    static KernelTensors of(
            Flaw flaw,
            TensorView query,
            TensorView key,
            TensorView value,
            @Nullable TensorView bias) {
        boolean asIfDense = flaw == Flaw.STRIDES_IGNORED;
        return new KernelTensors(
                new Strided(query, asIfDense),
                new Strided(key, asIfDense),
                new Strided(value, asIfDense),
                bias == null ? null : new Strided(bias, false),
                (int) query.size(2));
    }
}
