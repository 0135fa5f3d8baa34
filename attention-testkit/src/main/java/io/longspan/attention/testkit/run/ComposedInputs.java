package io.longspan.attention.testkit.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The inputs of one composed call as NDArrays of a manager. */
final class ComposedInputs {
    private final AttentionCase asked;
    private final AttentionTensors tensors;
    private final NDArray query;
    private final NDArray key;
    private final NDArray value;
    private final @Nullable NDArray bias;

    ComposedInputs(NDManager manager, AttentionCase asked, AttentionTensors tensors) {
        this.asked = asked;
        this.tensors = tensors;
        long heads = asked.pattern().heads();
        Shape some = new Shape(asked.rowCount(), heads, asked.headSize());
        Shape all = new Shape(asked.layout().tokens(), heads, asked.headSize());
        query = manager.create(tensors.query(), some);
        key = manager.create(tensors.key(), all);
        value = manager.create(tensors.value(), all);
        float[] biasNumbers = tensors.bias();
        bias =
                biasNumbers == null
                        ? null
                        : manager.create(
                                biasNumbers, new Shape(heads, asked.pattern().biasColumns()));
    }

    NDArray query() {
        return query;
    }

    NDArray key() {
        return key;
    }

    NDArray value() {
        return value;
    }

    @Nullable NDArray bias() {
        return bias;
    }

    /** Query, key, value and, when there is one, the bias. */
    Stream<NDArray> each() {
        Stream<NDArray> projections = Stream.of(query, key, value);
        return bias == null ? projections : Stream.concat(projections, Stream.of(bias));
    }

    ComposedCall call(boolean wantLogSumExp) {
        return new ComposedCall(
                query,
                key,
                value,
                bias,
                asked.layout(),
                asked.pattern(),
                asked.rows(),
                asked.dropout(),
                wantLogSumExp);
    }

    void requireUnchanged() {
        require("query", query, tensors.query());
        require("key", key, tensors.key());
        require("value", value, tensors.value());
        float[] biasNumbers = tensors.bias();
        if (bias != null && biasNumbers != null) {
            require("offset bias", bias, biasNumbers);
        }
    }

    private void require(String what, NDArray array, float[] before) {
        if (!Arrays.equals(array.toFloatArray(), before)) {
            throw new AssertionError(
                    "the backend wrote into its input '"
                            + what
                            + "'; inputs are read only\n"
                            + asked);
        }
    }
}
