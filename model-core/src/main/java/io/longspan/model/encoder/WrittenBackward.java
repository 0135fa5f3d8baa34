package io.longspan.model.encoder;

import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.encoder.WrittenSpace.Use;
import io.longspan.model.linear.Matrix;
import io.longspan.model.linear.MatrixProducts;
import org.jspecify.annotations.Nullable;

/**
 * The way back through what is row by row in a layer. Rows go by in tiles, as on the way forward;
 * products over rows, which the gradients of weights are, follow for a chunk of tiles at once.
 */
final class WrittenBackward {
    private final WrittenForward forward;
    private final WrittenLayer layer;
    private final LayerLines lines;
    private final MatrixProducts products;
    private final WrittenSpace space;
    private final Tiling tiling;
    private final int width;
    private final int inner;
    private final ColumnSums projectionBias;
    private final ColumnSums upBias;
    private final ColumnSums downBias;
    private final NormSums attentionNorm;
    private final NormSums outputNorm;

    /** Gradients of a norm's weights, tile by tile. */
    private record NormSums(ColumnSums gain, ColumnSums bias) {
        void addTo(Norm norm) {
            gain.addTo(norm.gain());
            bias.addTo(norm.bias());
        }
    }

    WrittenBackward(WrittenForward forward, WrittenLayer layer, LayerLines lines) {
        this.forward = forward;
        this.layer = layer;
        this.lines = lines;
        products = forward.products();
        space = forward.space();
        tiling = forward.tiling();
        width = forward.width();
        inner = layer.up().out();
        projectionBias = sums(width);
        upBias = sums(inner);
        downBias = sums(width);
        attentionNorm = new NormSums(sums(width), sums(width));
        outputNorm = new NormSums(sums(width), sums(width));
    }

    private ColumnSums sums(int columns) {
        return new ColumnSums(tiling.tiles(), columns, WrittenWorker.lineLength(columns, columns));
    }

    /** Gradient of the layer's output, then of its input, [T, N]. */
    Matrix gradient() {
        return space.shared(Use.GRADIENT, tiling.rows(), width);
    }

    /** Gradient of what attention gave, [T, N], valid after {@link #followed}. */
    Matrix contextGradient() {
        return space.shared(Use.CONTEXT_GRADIENT, tiling.rows(), width);
    }

    /** Goes back through what follows attention; the input of the layer has been made again. */
    void followed(LayerKeep keep) {
        for (int chunk = 0; chunk < tiling.chunks(); chunk++) {
            Chunk own = new Chunk(chunk, keep);
            products.run(tiling.tiles(chunk), own);
            own.weights();
        }
        projectionBias.addTo(layer.projection().bias());
        upBias.addTo(layer.up().bias());
        downBias.addTo(layer.down().bias());
        outputNorm.addTo(layer.outputNorm());
        if (!forward.preNorm()) {
            attentionNorm.addTo(layer.attentionNorm());
        }
    }

    /**
     * Goes back through the projections.
     *
     * @param projected gradients of queries, keys and values
     * @param more what else came back to what attention reads, [T, N], or null for nothing
     * @param on whether anything is to go further back than this layer
     */
    void projected(LayerKeep.Projected projected, @Nullable Matrix more, boolean on) {
        Matrix gradient = gradient(); // [T, N]
        Matrix query = layer.query().matrix();
        Matrix key = layer.key().matrix();
        Matrix value = layer.value().matrix();
        boolean preNorm = forward.preNorm();
        boolean further = on || preNorm;
        ColumnSums queryBias = sums(width);
        ColumnSums keyBias = sums(width);
        ColumnSums valueBias = sums(width);
        products.run(
                tiling.tiles(),
                (tile, worker) -> {
                    WrittenWorker own = space.worker(worker);
                    int first = tiling.first(tile);
                    int count = tiling.count(tile);
                    Matrix dq = projected.query().part(first, count);
                    Matrix dk = projected.key().part(first, count);
                    Matrix dv = projected.value().part(first, count);
                    add(dq, queryBias.of(tile), own);
                    add(dk, keyBias.of(tile), own);
                    add(dv, valueBias.of(tile), own);
                    if (!further) {
                        return;
                    }
                    Matrix back = preNorm ? own.first.part(0, count) : gradient.part(first, count);
                    products.toInput(dq, query, !preNorm, back);
                    products.toInput(dk, key, true, back);
                    products.toInput(dv, value, true, back);
                    for (int r = 0; r < count && (preNorm || more != null); r++) {
                        back.read(r, own.x);
                        if (more != null) {
                            more.read(first + r, own.y);
                            LineSums.add(own.x, own.y, width);
                        }
                        if (preNorm) {
                            forward.input().read(first + r, own.y);
                            lines.attentionNorm()
                                    .back(
                                            own.y,
                                            own.x,
                                            attentionNorm.gain().of(tile),
                                            attentionNorm.bias().of(tile));
                            gradient.read(first + r, own.y);
                            LineSums.add(own.x, own.y, width);
                        }
                        gradient.write(own.x, first + r);
                    }
                });
        queryBias.addTo(layer.query().bias());
        keyBias.addTo(layer.key().bias());
        valueBias.addTo(layer.value().bias());
        if (preNorm) {
            attentionNorm.addTo(layer.attentionNorm());
        }
        Matrix read = forward.read(); // [T, N]
        new WeightProducts(products)
                .with(projected.query(), read, layer.query().gradient())
                .with(projected.key(), read, layer.key().gradient())
                .with(projected.value(), read, layer.value().gradient())
                .run();
    }

    /** Adds all rows to a line. */
    private static void add(Matrix rows, float[] sums, WrittenWorker own) {
        for (int r = 0; r < rows.rows(); r++) {
            rows.read(r, own.x);
            LineSums.add(sums, own.x, rows.columns());
        }
    }

    /** Some tiles at once. */
    private final class Chunk implements ComputeCrew.Job {
        private final LayerKeep keep;
        private final int firstTile;
        private final int start;
        private final int rows;
        private final Matrix projection = layer.projection().matrix();
        private final Matrix up = layer.up().matrix();
        private final Matrix down = layer.down().matrix();
        private final Matrix gradient = gradient();
        private final Matrix contextGradient = contextGradient();
        private final Matrix active;
        private final Matrix innerGradient;
        private final Matrix attended;
        private final Matrix downGradient;
        private final Matrix projectionGradient;

        Chunk(int chunk, LayerKeep keep) {
            this.keep = keep;
            firstTile = chunk * tiling.perChunk();
            start = tiling.chunkFirst(chunk);
            rows = tiling.chunkCount(chunk);
            active = piece(Use.CHUNK_ACTIVE, inner);
            innerGradient = piece(Use.CHUNK_INNER_GRADIENT, inner);
            attended = piece(Use.CHUNK_ATTENDED, width);
            downGradient = piece(Use.CHUNK_DOWN_GRADIENT, width);
            projectionGradient = piece(Use.CHUNK_PROJECTION_GRADIENT, width);
        }

        private Matrix piece(Use use, int columns) {
            return space.shared(use, tiling.tallestChunk(), columns).part(0, rows);
        }

        @Override
        public void run(int item, int worker) {
            WrittenWorker own = space.worker(worker);
            int tile = firstTile + item;
            int first = tiling.first(tile);
            int count = tiling.count(tile);
            int at = first - start;
            Matrix sums = own.first.part(0, count);
            again(sums, first, at, own);
            ended(first, count, at, tile, own);
            Matrix active = this.active.part(at, count);
            Matrix innerGradient = this.innerGradient.part(at, count);
            if (keep.inner() == null) {
                products.applied(attended.part(at, count), up, active);
            }
            products.toInput(downGradient.part(at, count), down, false, innerGradient);
            for (int r = 0; r < count; r++) {
                if (keep.inner() == null) {
                    active.read(r, own.x);
                    lines.up().addTo(own.x);
                } else {
                    keep.inner().read(first + r, own.x);
                }
                innerGradient.read(r, own.y);
                GeluLines.back(own.x, own.y, inner);
                active.write(own.x, r);
                innerGradient.write(own.y, r);
                LineSums.add(upBias.of(tile), own.y, inner);
            }
            Matrix back = own.second.part(0, count);
            products.toInput(innerGradient, up, false, back);
            attended(sums, back, first, at, tile, own);
            products.toInput(
                    projectionGradient.part(at, count),
                    projection,
                    false,
                    contextGradient.part(first, count));
        }

        /** The sum after attention, and what the feed-forward part read. */
        private void again(Matrix sums, int first, int at, WrittenWorker own) {
            int count = sums.rows();
            if (keep.attendedSum() == null) {
                products.applied(keep.context().part(first, count), projection, sums);
                for (int r = 0; r < count; r++) {
                    forward.attend(lines, sums, r, forward.input(), first + r, own);
                    attended.write(own.y, at + r);
                }
                return;
            }
            for (int r = 0; r < count; r++) {
                keep.attendedSum().read(first + r, own.x);
                sums.write(own.x, r);
                forward.feedForwardNorm(lines).apply(own.x, own.y);
                attended.write(own.y, at + r);
            }
        }

        /** From the layer's output to the last sum and what the feed-forward part gave. */
        private void ended(int first, int count, int at, int tile, WrittenWorker own) {
            for (int r = 0; r < count; r++) {
                gradient.read(first + r, own.x);
                if (!forward.preNorm()) {
                    keep.sum().read(first + r, own.y);
                    lines.outputNorm()
                            .back(
                                    own.y,
                                    own.x,
                                    outputNorm.gain().of(tile),
                                    outputNorm.bias().of(tile));
                    gradient.write(own.x, first + r);
                }
                lines.outputFactors().apply(first + r, own.x, own.factors, width);
                downGradient.write(own.x, at + r);
                LineSums.add(downBias.of(tile), own.x, width);
            }
        }

        /** From what the feed-forward part read to the sum after attention. */
        private void attended(
                Matrix sums, Matrix back, int first, int at, int tile, WrittenWorker own) {
            NormSums norm = forward.preNorm() ? outputNorm : attentionNorm;
            for (int r = 0; r < sums.rows(); r++) {
                back.read(r, own.x);
                gradient.read(first + r, own.y);
                if (!forward.preNorm()) {
                    LineSums.add(own.x, own.y, width);
                }
                sums.read(r, own.z);
                forward.feedForwardNorm(lines)
                        .back(own.z, own.x, norm.gain().of(tile), norm.bias().of(tile));
                if (forward.preNorm()) {
                    LineSums.add(own.x, own.y, width);
                }
                gradient.write(own.x, first + r);
                lines.attentionFactors().apply(first + r, own.x, own.factors, width);
                projectionGradient.write(own.x, at + r);
                LineSums.add(projectionBias.of(tile), own.x, width);
            }
        }

        /** The gradients of the chunk's weights. */
        void weights() {
            new WeightProducts(products)
                    .with(downGradient, active, layer.down().gradient())
                    .with(innerGradient, attended, layer.up().gradient())
                    .with(
                            projectionGradient,
                            keep.context().part(start, rows),
                            layer.projection().gradient())
                    .run();
        }
    }
}
