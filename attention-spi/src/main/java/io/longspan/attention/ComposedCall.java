package io.longspan.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link ComposedBackend}. All arrays stay the caller's.
 *
 * @param query [R, H, D] float32; R = T unless rows are listed
 * @param key [T, H, D] float32
 * @param value [T, H, D] float32
 * @param offsetBias [H, {@link AttentionPattern#biasColumns()}] float32, exactly when the pattern
 *     declares one
 * @param layout of the batch
 * @param pattern of the layer
 * @param rows wanted
 * @param dropout the randomness of this call, or null for none (inference)
 * @param wantLogSumExp whether the result carries the log-sum-exp
 */
public record ComposedCall(
        NDArray query,
        NDArray key,
        NDArray value,
        @Nullable NDArray offsetBias,
        SequenceLayout layout,
        AttentionPattern pattern,
        QueryRows rows,
        @Nullable AttentionDropout dropout,
        boolean wantLogSumExp) {

    /** Checks shapes and types, so that backends need not. */
    public ComposedCall {
        long heads = pattern.heads();
        long size = query.getShape().dimension() == 3 ? query.getShape().get(2) : -1;
        check("query", query, new Shape(rows.count(layout), heads, size));
        check("key", key, new Shape(layout.tokens(), heads, size));
        check("value", value, new Shape(layout.tokens(), heads, size));
        if (pattern.offsetBias() != (offsetBias != null)) {
            throw new IllegalArgumentException(
                    "the pattern "
                            + (pattern.offsetBias() ? "declares" : "declares no")
                            + " offset bias and the call has "
                            + (offsetBias == null ? "none" : "one"));
        }
        if (offsetBias != null) {
            check("offset bias", offsetBias, new Shape(heads, pattern.biasColumns()));
        }
        if (dropout != null && dropout.sampleIds().size() != layout.sequences()) {
            throw new IllegalArgumentException(
                    "dropout has "
                            + dropout.sampleIds().size()
                            + " sample ids for "
                            + layout.sequences()
                            + " sequences; there must be one each");
        }
    }

    /** All rows, no bias, no dropout, no log-sum-exp. */
    public static ComposedCall of(
            NDArray query,
            NDArray key,
            NDArray value,
            SequenceLayout layout,
            AttentionPattern pattern) {
        return new ComposedCall(
                query, key, value, null, layout, pattern, QueryRows.all(), null, false);
    }

    /** D, the head size. */
    public int headSize() {
        return (int) query.getShape().get(2);
    }

    /** Whether probabilities are dropped in this call. */
    public boolean drops() {
        return dropout != null && pattern.dropout() > 0;
    }

    /**
     * What this call needs, for {@link AttentionBackend#supports}; whether gradients follow is not
     * known to it.
     */
    public Workload workload() {
        Set<Feature> calls = layout.features();
        if (!rows.isAll()) {
            calls.add(Feature.QUERY_ROWS);
        }
        if (drops()) {
            calls.add(Feature.DROPOUT);
        }
        if (wantLogSumExp) {
            calls.add(Feature.LOG_SUM_EXP);
        }
        Device.Kind kind = query.getDevice().isGpu() ? Device.Kind.CUDA : Device.Kind.CPU;
        return new Workload(pattern, headSize(), ElementType.FP32, kind, calls);
    }

    private static void check(String what, NDArray array, Shape expected) {
        if (!array.getShape().equals(expected) || array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    what
                            + " is "
                            + array.getDataType()
                            + " "
                            + array.getShape()
                            + "; it must be float32 "
                            + expected);
        }
    }
}
