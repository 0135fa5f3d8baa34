package io.longspan.model.linear;

import io.longspan.model.linear.WorkerScratch.Use;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A layer on oneDNN's products. A tile of rows meets the panels of the weights one after the other,
 * so its rows are rounded once; when tiles are few, panels are shared out, too. Neither changes a
 * number.
 */
final class OneDnnLinear implements PackedLinear {
    /** Tasks per thread that keep all threads busy to the end. */
    private static final int TASKS_PER_THREAD = 4;

    /** Weights beyond that are read panel by panel, each once for all rows. */
    private static final long CACHED_BYTES = 16 << 20;

    private static final long ROW_SCALES = (long) TileKernels.TALL * Float.BYTES;

    private final OneDnnEngine engine;
    private final LinearShape shape;
    private final Arena scope = Arena.ofShared();
    private final PackedPanels packed;
    private final TileKernels kernels;
    private final int tall;
    private final boolean dense;
    private final List<TileKernels.Runs> runs = new ArrayList<>();

    OneDnnLinear(OneDnnEngine engine, LinearWeights weights, LinearShape shape) {
        this.engine = engine;
        this.shape = shape;
        dense = PackedPanels.dense(shape);
        try {
            kernels = TileKernels.compile(engine.dnn(), scope, shape, weights.bias() != null);
            packed = PackedPanels.pack(engine.dnn(), scope, weights, shape, kernels::weightsLayout);
            for (int worker = 0; worker < engine.crew().threads(); worker++) {
                runs.add(kernels.runs(engine.dnn(), scope));
            }
            tall =
                    engine.tallTiles(shape, weights.bias() != null, this::tallRowsAreTheSame)
                            ? TileKernels.TALL
                            : TileKernels.BRIEF;
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public void apply(
            MemorySegment rows,
            long count,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        LinearArguments.check(this, rows, count, output, residual);
        requireOpen();
        run(
                new RowTiles((int) count, tall, TileKernels.BRIEF),
                forTheCrew(rows),
                forTheCrew(output),
                residual == null ? null : forTheCrew(residual));
    }

    /** The same memory for other threads: its owner waits in here and cannot close it. */
    private static MemorySegment forTheCrew(MemorySegment memory) {
        return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize());
    }

    private void run(
            RowTiles tiles,
            MemorySegment rows,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        int panels = packed.panels().size();
        int shares = shares(tiles.count(), panels);
        engine.run(
                tiles.count() * shares,
                (task, worker) -> {
                    // Tiles that follow each other meet the same weights.
                    int share = task / tiles.count();
                    List<PackedPanels.Packed> own =
                            packed.panels()
                                    .subList(
                                            panels * share / shares, panels * (share + 1) / shares);
                    runTile(tiles, task % tiles.count(), own, worker, rows, output, residual);
                });
    }

    /** Into how many tasks the panels of a tile are cut. */
    private int shares(int tiles, int panels) {
        if (packed.bytes() > CACHED_BYTES) {
            return panels;
        }
        int wanted = TASKS_PER_THREAD * engine.crew().threads();
        return Math.clamp(Math.ceilDiv(wanted, Math.max(1, tiles)), 1, panels);
    }

    private void runTile(
            RowTiles tiles,
            int tile,
            List<PackedPanels.Packed> panels,
            int worker,
            MemorySegment rows,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        WorkerScratch scratch = engine.scratch(worker);
        int size = tiles.size(tile);
        int height = tiles.isTall(tile) ? tiles.tall() : tiles.brief();
        long first = tiles.first(tile);
        TileKernels.Runs run = runs.get(worker);
        long source = source(run, scratch, rows, first, size, height);
        long library = scratch.of(Use.LIBRARY, kernels.scratchBytes()).address();
        for (PackedPanels.Packed panel : panels) {
            PanelPlace place = new PanelPlace(first, size, panel.first(), panel.width(), out());
            boolean direct = size == height && (!dense || panel.width() == out());
            long stride = (long) (dense ? panel.width() : out()) * Float.BYTES;
            long target =
                    direct
                            ? output.address() + place.start()
                            : scratch.of(Use.OUTPUT, height * stride).address();
            long added = 0;
            if (residual != null && dense) {
                if (direct) {
                    added = residual.address() + place.start();
                } else {
                    MemorySegment own = scratch.of(Use.RESIDUAL, height * stride);
                    place.copyOut(residual, own, stride);
                    added = own.address();
                }
            }
            run.of(height, panel.width())
                    .run(
                            scratch.stream(),
                            panel,
                            new TileRun.Operands(source, target, added, library));
            if (!direct) {
                place.copyIn(scratch.of(Use.OUTPUT, height * stride), stride, output);
            }
            MemorySegment bias = panel.bias();
            if (shape.precision() == LinearPrecision.INT8 && bias != null) {
                finish(place, scratch, new RowFinisher(finish(), bias), output, residual);
            }
        }
    }

    /** Int8: oneDNN leaves products, with the scales of columns only. */
    private void finish(
            PanelPlace place,
            WorkerScratch scratch,
            RowFinisher finisher,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        MemorySegment scales = scratch.of(Use.ROW_SCALES, ROW_SCALES);
        for (int row = 0; row < place.rows(); row++) {
            float scale = scales.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            long at = place.start() + (long) row * out() * Float.BYTES;
            finisher.apply(output, at, place.columns(), scale, residual);
        }
    }

    /** Address of a tile's rows in the type of the products, zeros after the last. */
    private long source(
            TileKernels.Runs run,
            WorkerScratch scratch,
            MemorySegment rows,
            long first,
            int size,
            int height) {
        long rowBytes = (long) in() * Float.BYTES;
        if (shape.precision() == LinearPrecision.INT8) {
            return rounded(scratch, rows, first, size, height);
        }
        MemorySegment plain = rows.asSlice(first * rowBytes, size * rowBytes);
        if (size < height) {
            MemorySegment filled = scratch.of(Use.ROWS, height * rowBytes);
            MemorySegment.copy(plain, 0, filled, 0, size * rowBytes);
            filled.asSlice(size * rowBytes, (height - size) * rowBytes).fill((byte) 0);
            plain = filled;
        }
        if (shape.precision() == LinearPrecision.FP32) {
            return plain.address();
        }
        long narrow =
                scratch.of(Use.SOURCE, (long) TileKernels.TALL * in() * Short.BYTES).address();
        run.narrow(height).run(scratch.stream(), plain.address(), narrow);
        return narrow;
    }

    private long rounded(
            WorkerScratch scratch, MemorySegment rows, long first, int size, int height) {
        MemorySegment codes = scratch.of(Use.SOURCE, (long) TileKernels.TALL * in());
        MemorySegment scales = scratch.of(Use.ROW_SCALES, ROW_SCALES);
        for (int row = 0; row < height; row++) {
            long to = (long) row * in();
            float scale = 0;
            if (row < size) {
                long from = (first + row) * in() * Float.BYTES;
                scale = RowQuantizer.quantize(rows, from, in(), codes, to);
            } else {
                codes.asSlice(to, in()).fill((byte) 0);
            }
            scales.setAtIndex(ValueLayout.JAVA_FLOAT, row, scale);
        }
        return codes.address();
    }

    /**
     * Tries whether a row's answer is the same, bit for bit, in a tall and in a short tile. oneDNN
     * promises nothing of the kind; where it is not so, tall tiles are not used.
     */
    private boolean tallRowsAreTheSame() {
        int rows = TileKernels.TALL;
        Random random = new Random(in() * 31L + out());
        try (Arena call = Arena.ofShared()) {
            MemorySegment input = call.allocate((long) rows * in() * Float.BYTES, Long.BYTES);
            for (long at = 0; at < (long) rows * in(); at++) {
                input.setAtIndex(ValueLayout.JAVA_FLOAT, at, random.nextFloat() - 0.5f);
            }
            long bytes = (long) rows * out() * Float.BYTES;
            MemorySegment residual =
                    finish() == Finish.ADD ? call.allocate(bytes, Long.BYTES) : null;
            MemorySegment tallOutput = call.allocate(bytes, Long.BYTES);
            run(new RowTiles(rows, rows, TileKernels.BRIEF), input, tallOutput, residual);
            MemorySegment briefOutput = call.allocate(bytes, Long.BYTES);
            run(
                    new RowTiles(rows, TileKernels.BRIEF, TileKernels.BRIEF),
                    input,
                    briefOutput,
                    residual);
            return tallOutput.mismatch(briefOutput) < 0;
        }
    }

    private void requireOpen() {
        if (!scope.scope().isAlive()) {
            throw new IllegalStateException("linear " + shape + " is closed");
        }
    }

    @Override
    public int in() {
        return shape.in();
    }

    @Override
    public int out() {
        return shape.out();
    }

    @Override
    public LinearPrecision precision() {
        return shape.precision();
    }

    @Override
    public Finish finish() {
        return shape.finish();
    }

    @Override
    public String kernel() {
        return "oneDNN " + engine.version() + " " + kernels.implementation();
    }

    @Override
    public Optional<String> fallback() {
        return Optional.empty();
    }

    @Override
    public long packedBytes() {
        return packed.bytes();
    }

    /** Waits for the call that runs. */
    @Override
    public void close() {
        engine.release(
                this,
                () -> {
                    if (scope.scope().isAlive()) {
                        scope.close();
                    }
                });
    }
}
