package io.longspan.model.encoder;

import io.longspan.model.encoder.WrittenSpace.Use;
import io.longspan.model.linear.Matrix;
import io.longspan.model.linear.MatrixProducts;
import org.jspecify.annotations.Nullable;

/**
 * The way forward through what is row by row in a layer, a tile at a time: what a tile makes on its
 * way stays in a core's cache. Bits of what is made again on the way back are the same.
 *
 * @param preNorm whether norms come before attention and feed-forward part, not after
 */
record WrittenForward(
        MatrixProducts products, WrittenSpace space, Tiling tiling, int width, boolean preNorm) {
    /** What attention reads, [T, N], valid after {@link #project}. */
    Matrix read() {
        return space.shared(preNorm ? Use.READ : Use.INPUT, tiling.rows(), width);
    }

    /** The hidden state before the layer that is run, then after it, [T, N]. */
    Matrix input() {
        return space.shared(Use.INPUT, tiling.rows(), width);
    }

    /** Makes queries, keys and values of the input. */
    void project(WrittenLayer layer, LayerLines lines, LayerKeep.Projected into) {
        Matrix input = input(); // [T, N]
        Matrix read = read(); // [T, N]
        Matrix query = layer.query().matrix();
        Matrix key = layer.key().matrix();
        Matrix value = layer.value().matrix();
        products.run(
                tiling.tiles(),
                (tile, worker) -> {
                    WrittenWorker own = space.worker(worker);
                    int first = tiling.first(tile);
                    int count = tiling.count(tile);
                    if (preNorm) {
                        norm(lines.attentionNorm(), input, read, first, count, own);
                    }
                    Matrix rows = read.part(first, count);
                    linear(rows, query, lines.query(), into.query().part(first, count), own);
                    linear(rows, key, lines.key(), into.key().part(first, count), own);
                    linear(rows, value, lines.value(), into.value().part(first, count), own);
                });
    }

    /** Makes what attention reads of the input, where {@link #project} is not to. */
    void normalise(LayerLines lines) {
        if (preNorm) {
            products.run(
                    tiling.tiles(),
                    (tile, worker) ->
                            norm(
                                    lines.attentionNorm(),
                                    input(),
                                    read(),
                                    tiling.first(tile),
                                    tiling.count(tile),
                                    space.worker(worker)));
        }
    }

    /**
     * Does what follows attention; the input becomes the layer's output.
     *
     * @param context what attention gave, [T, N]
     * @param keep what to keep of it; null for nothing
     */
    void follow(WrittenLayer layer, LayerLines lines, Matrix context, @Nullable LayerKeep keep) {
        Matrix input = input(); // [T, N]
        Matrix projection = layer.projection().matrix();
        Matrix up = layer.up().matrix();
        Matrix down = layer.down().matrix();
        products.run(
                tiling.tiles(),
                (tile, worker) -> {
                    WrittenWorker own = space.worker(worker);
                    int first = tiling.first(tile);
                    int count = tiling.count(tile);
                    Matrix sums = own.first.part(0, count);
                    Matrix attended = own.second.part(0, count);
                    Matrix inner = own.inner.part(0, count);
                    products.applied(context.part(first, count), projection, sums);
                    for (int r = 0; r < count; r++) {
                        attend(lines, sums, r, input, first + r, own);
                        if (keep != null && keep.attendedSum() != null) {
                            keep.attendedSum().write(own.x, first + r);
                        }
                        attended.write(own.y, r);
                    }
                    products.applied(attended, up, inner);
                    for (int r = 0; r < count; r++) {
                        inner.read(r, own.x);
                        lines.up().addTo(own.x);
                        if (keep != null && keep.inner() != null) {
                            keep.inner().write(own.x, first + r);
                        }
                        GeluLines.apply(own.x, inner.columns());
                        inner.write(own.x, r);
                    }
                    Matrix residual = preNorm ? sums : attended;
                    Matrix added = preNorm ? attended : sums;
                    products.applied(inner, down, added);
                    for (int r = 0; r < count; r++) {
                        added.read(r, own.x);
                        lines.down().addTo(own.x);
                        lines.outputFactors().apply(first + r, own.x, own.factors, width);
                        residual.read(r, own.y);
                        LineSums.add(own.x, own.y, width);
                        if (keep != null) {
                            keep.sum().write(own.x, first + r);
                        }
                        input.write(output(lines, own), first + r);
                    }
                });
    }

    /**
     * Makes the input of a layer again.
     *
     * @param sum of the layer before, [T, N]
     */
    void enter(LayerLines before, Matrix sum) {
        Matrix input = input(); // [T, N]
        products.run(
                tiling.tiles(),
                (tile, worker) -> {
                    WrittenWorker own = space.worker(worker);
                    int first = tiling.first(tile);
                    for (int r = first; r < first + tiling.count(tile); r++) {
                        sum.read(r, own.x);
                        input.write(output(before, own), r);
                    }
                });
    }

    /**
     * From the product of the projection, row {@code r}, to the sum after attention in the worker's
     * {@code x}, also written in its place, and what the feed-forward part reads in its {@code y}.
     */
    void attend(
            LayerLines lines, Matrix product, int r, Matrix input, int token, WrittenWorker own) {
        product.read(r, own.x);
        lines.projection().addTo(own.x);
        lines.attentionFactors().apply(token, own.x, own.factors, width);
        input.read(token, own.y);
        LineSums.add(own.x, own.y, width);
        product.write(own.x, r);
        feedForwardNorm(lines).apply(own.x, own.y);
    }

    /** What stands between attention and the feed-forward part. */
    NormLines feedForwardNorm(LayerLines lines) {
        return preNorm ? lines.outputNorm() : lines.attentionNorm();
    }

    /** The layer's output from its last sum in the worker's {@code x}. */
    private float[] output(LayerLines lines, WrittenWorker own) {
        if (preNorm) {
            return own.x;
        }
        lines.outputNorm().apply(own.x, own.y);
        return own.y;
    }

    private void linear(
            Matrix rows, Matrix weight, BiasLine bias, Matrix output, WrittenWorker own) {
        products.applied(rows, weight, output);
        for (int r = 0; r < output.rows(); r++) {
            output.read(r, own.x);
            bias.addTo(own.x);
            output.write(own.x, r);
        }
    }

    private static void norm(
            NormLines norm, Matrix from, Matrix to, int first, int count, WrittenWorker own) {
        for (int r = first; r < first + count; r++) {
            from.read(r, own.x);
            norm.apply(own.x, own.y);
            to.write(own.y, r);
        }
    }
}
