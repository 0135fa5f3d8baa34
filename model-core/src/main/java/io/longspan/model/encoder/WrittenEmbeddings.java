package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.linear.Matrix;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of a batch and their way back, row by row. The engine would make the gradient of a
 * table as large as the table for each batch; here rows are added where they belong, in the order
 * of the tokens.
 */
final class WrittenEmbeddings {
    private final Embeddings embeddings;
    private final WrittenForward forward;
    private final NormLines norm;
    private final HiddenFactors factors;
    private final long[] words;
    private final long[] positions;
    private final long[] types;

    WrittenEmbeddings(
            Embeddings embeddings,
            WrittenForward forward,
            TokenBatch batch,
            @Nullable DropoutDraw draw) {
        this.embeddings = embeddings;
        this.forward = forward;
        norm = new NormLines(embeddings.norm());
        factors = HiddenFactors.of(embeddings.dropout(), batch.layout(), draw);
        words = batch.ids();
        positions = batch.positions();
        types = batch.types();
    }

    /** Makes the input of the first layer. */
    void forward() {
        Matrix input = forward.input(); // [T, N]
        Tables tables = tables();
        Tiling tiling = forward.tiling();
        forward.products()
                .run(
                        tiling.tiles(),
                        (tile, worker) -> {
                            WrittenWorker own = forward.space().worker(worker);
                            int first = tiling.first(tile);
                            for (int t = first; t < first + tiling.count(tile); t++) {
                                tables.sum(t, own);
                                norm.apply(own.x, own.y);
                                factors.apply(t, own.y, own.factors, forward.width());
                                input.write(own.y, t);
                            }
                        });
    }

    /**
     * Goes back.
     *
     * @param gradient of the input of the first layer, [T, N]; used up
     */
    void backward(Matrix gradient) {
        Tables tables = tables();
        Tiling tiling = forward.tiling();
        int width = forward.width();
        int length = WrittenWorker.lineLength(width, width);
        ColumnSums gains = new ColumnSums(tiling.tiles(), width, length);
        ColumnSums biases = new ColumnSums(tiling.tiles(), width, length);
        forward.products()
                .run(
                        tiling.tiles(),
                        (tile, worker) -> {
                            WrittenWorker own = forward.space().worker(worker);
                            int first = tiling.first(tile);
                            for (int t = first; t < first + tiling.count(tile); t++) {
                                tables.sum(t, own);
                                gradient.read(t, own.y);
                                factors.apply(t, own.y, own.factors, width);
                                norm.back(own.x, own.y, gains.of(tile), biases.of(tile));
                                gradient.write(own.y, t);
                            }
                        });
        gains.addTo(embeddings.norm().gain());
        biases.addTo(embeddings.norm().bias());
        scatter(gradient, words, embeddings.pad(), embeddings.words());
        scatter(gradient, positions, embeddings.fixedPosition(), embeddings.positions());
        scatter(gradient, types, -1, embeddings.types());
    }

    /** Adds rows to those of a table's gradient; that of a fixed row is not learned. */
    private void scatter(Matrix rows, long[] places, int fixed, NDArray table) {
        MemorySegment memory = Autograd.gradientMemory(table);
        if (memory == null) {
            return;
        }
        Matrix sums = matrix(memory, table);
        WrittenWorker own = forward.space().worker(0);
        for (int t = 0; t < places.length; t++) {
            int place = Math.toIntExact(places[t]);
            if (place != fixed) {
                rows.read(t, own.x);
                sums.read(place, own.y);
                LineSums.add(own.y, own.x, forward.width());
                sums.write(own.y, place);
            }
        }
    }

    private Tables tables() {
        return new Tables(
                matrix(TensorBridge.memory(embeddings.words()), embeddings.words()),
                matrix(TensorBridge.memory(embeddings.positions()), embeddings.positions()),
                matrix(TensorBridge.memory(embeddings.types()), embeddings.types()));
    }

    private static Matrix matrix(MemorySegment memory, NDArray table) {
        int[] sizes =
                Arrays.stream(table.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
        return Matrix.of(memory, sizes[0], sizes[1]);
    }

    /** What is summed. */
    private final class Tables {
        private final Matrix ofWords;
        private final Matrix ofPositions;
        private final Matrix ofTypes;

        Tables(Matrix ofWords, Matrix ofPositions, Matrix ofTypes) {
            this.ofWords = ofWords;
            this.ofPositions = ofPositions;
            this.ofTypes = ofTypes;
        }

        /** The sum for a token, in the worker's {@code x}. */
        void sum(int token, WrittenWorker own) {
            ofWords.read((int) words[token], own.x);
            ofPositions.read((int) positions[token], own.y);
            LineSums.add(own.x, own.y, forward.width());
            ofTypes.read((int) types[token], own.y);
            LineSums.add(own.x, own.y, forward.width());
        }
    }
}
