package io.longspan.attention.testkit.cases;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to ask of a backend.
 *
 * @param name says what is special about it; unique in a list of cases
 * @param seed of its numbers
 * @param layout of the batch
 * @param pattern of the layer
 * @param headSize D
 * @param rows wanted
 * @param dropout of the call, or null for none
 * @param inputs how the numbers are drawn
 * @param products how coarsely products may be computed
 */
public record AttentionCase(
        String name,
        long seed,
        SequenceLayout layout,
        AttentionPattern pattern,
        int headSize,
        QueryRows rows,
        @Nullable AttentionDropout dropout,
        InputKind inputs,
        ProductPrecision products) {

    /** A case with exact products. */
    public AttentionCase(
            String name,
            long seed,
            SequenceLayout layout,
            AttentionPattern pattern,
            int headSize,
            QueryRows rows,
            @Nullable AttentionDropout dropout,
            InputKind inputs) {
        this(name, seed, layout, pattern, headSize, rows, dropout, inputs, ProductPrecision.EXACT);
    }

    /** R, the number of query rows. */
    public int rowCount() {
        return rows.count(layout);
    }

    /** H * D, the elements of one row. */
    public int rowWidth() {
        return pattern.heads() * headSize;
    }

    /**
     * What the case asks of a backend, in float32.
     *
     * @param extra of {@link Feature#LOG_SUM_EXP} and {@link Feature#GRADIENTS}, those that are
     *     wanted too
     */
    public Workload workload(Device.Kind device, Feature... extra) {
        Set<Feature> calls = layout.features();
        calls.addAll(Set.of(extra));
        if (!rows.isAll()) {
            calls.add(Feature.QUERY_ROWS);
        }
        if (dropout != null && pattern.dropout() > 0) {
            calls.add(Feature.DROPOUT);
        }
        return new Workload(pattern, headSize, ElementType.FP32, device, calls, products);
    }

    /** The features that the case itself needs. */
    public Set<Feature> features() {
        return workload(Device.Kind.CPU).features();
    }

    /** The numbers of the case, drawn anew, always the same. */
    public AttentionTensors tensors() {
        return TensorDraw.draw(this);
    }

    /** The case with given numbers, for the oracle. */
    public AttentionProblem problem(AttentionTensors tensors) {
        return new AttentionProblem(
                layout,
                pattern,
                headSize,
                rows,
                dropout,
                tensors.query(),
                tensors.key(),
                tensors.value(),
                tensors.bias());
    }

    /** The same case with another layout, rows and dropout; the name says how it was changed. */
    public AttentionCase with(
            String change,
            SequenceLayout otherLayout,
            QueryRows otherRows,
            @Nullable AttentionDropout otherDropout) {
        return new AttentionCase(
                name + ", " + change,
                seed,
                otherLayout,
                pattern,
                headSize,
                otherRows,
                otherDropout,
                inputs,
                products);
    }

    /** The same case with another pattern; the name says how it was changed. */
    public AttentionCase with(String change, AttentionPattern otherPattern) {
        return new AttentionCase(
                name + ", " + change,
                seed,
                layout,
                otherPattern,
                headSize,
                rows,
                dropout,
                inputs,
                products);
    }

    /** The same case, where products may be rounded. */
    public AttentionCase rounded() {
        return new AttentionCase(
                name + ", rounded products",
                seed,
                layout,
                pattern,
                headSize,
                rows,
                dropout,
                inputs,
                ProductPrecision.BF16);
    }

    @Override
    public String toString() {
        return "case '"
                + name
                + "' (seed "
                + seed
                + "): "
                + layout
                + ", "
                + pattern
                + ", head size "
                + headSize
                + ", "
                + rows
                + ", "
                + dropout;
    }
}
