package io.longspan.model.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.model.linear.Numbers.Layer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PackedLinearTest {
    private static final long SEED = 20261124;

    /**
     * Rows, in, out: one of each, sizes that nothing divides, a panel and a bit, several panels.
     */
    private static final int[][] SHAPES = {
        {1, 1, 1},
        {5, 13, 1},
        {3, 1, 7},
        {7, 7, 13},
        {81, 61, 48},
        {66, 48, 61},
        {20, 96, 1000},
        {3, 33, 4100}
    };

    private static LinearKernels kernels;

    @BeforeAll
    static void open() {
        System.out.println("seed " + SEED);
        kernels = LinearKernels.open(2);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyShapeAndFinishAgreesWithFloat64(LinearPrecision precision) {
        requireAvailable(precision);
        Random random = new Random(SEED);
        for (int[] shape : SHAPES) {
            for (Finish finish : Finish.values()) {
                for (boolean bias : new boolean[] {true, false}) {
                    try (Arena arena = Arena.ofConfined()) {
                        Layer layer =
                                Layer.draw(
                                        arena, random, shape[0], shape[1], shape[2], bias, finish);
                        try (PackedLinear linear =
                                kernels.pack(layer.weights(), precision, finish)) {
                            assertThat(linear.fallback()).isEmpty();
                            compare(layer, layer.run(arena, linear), precision);
                        }
                    }
                }
            }
        }
    }

    private static void compare(Layer layer, MemorySegment output, LinearPrecision precision) {
        int out = layer.weights().out();
        for (int row = 0; row < layer.count(); row++) {
            for (int column = 0; column < out; column += out > 100 ? 37 : 1) {
                double bound = bound(layer, row, column, precision);
                assertThat((double) Numbers.at(output, (long) row * out + column))
                        .as("%s %s row %d column %d", layer.weights(), precision, row, column)
                        .isCloseTo(layer.finished(row, column), within(bound));
            }
        }
    }

    /** What rounding can do at most; GELU's slope is below 1.13. */
    private static double bound(Layer layer, int row, int column, LinearPrecision precision) {
        int in = layer.weights().in();
        double float32 = (in + 8) * Math.ulp(1f) * layer.magnitude(row, column) + 1e-6;
        return switch (precision) {
            case FP32 -> float32;
            // Either factor is off by half a unit in the eighth bit at most.
            case BF16 -> float32 + 1.13 * (2 * 0x1p-8 + 0x1p-16) * layer.magnitude(row, column);
            case INT8 -> float32 + 1.13 * int8Bound(layer, row, column);
        };
    }

    /**
     * With x = s (q + e) and w = t (p + d), |e| and |d| at most 1/2 and a bit of float32, a product
     * is off by at most |x| t/2 + |w| s/2 + s t/4.
     */
    private static double int8Bound(Layer layer, int row, int column) {
        int in = layer.weights().in();
        double rowLargest = 0;
        double columnLargest = 0;
        double rowSum = 0;
        double columnSum = 0;
        for (int k = 0; k < in; k++) {
            double x = Math.abs(layer.input(row, k));
            double w = Math.abs(layer.weight(column, k));
            rowLargest = Math.max(rowLargest, x);
            columnLargest = Math.max(columnLargest, w);
            rowSum += x;
            columnSum += w;
        }
        double s = rowLargest / RowQuantizer.LARGEST;
        double t = columnLargest / RowQuantizer.LARGEST;
        return 1.0001 * (rowSum * t / 2 + columnSum * s / 2 + in * s * t / 4);
    }

    @ParameterizedTest
    @EnumSource
    void aRowIsTheSameInAnyBatchAndOnAnyNumberOfThreads(LinearPrecision precision) {
        requireAvailable(precision);
        Random random = new Random(SEED);
        int[][] shapes = {{203, 61, 48}, {150, 768, 1600}, {150, 1536, 768}};
        try (LinearKernels three = LinearKernels.open(3)) {
            for (int[] shape : shapes) {
                for (Finish finish : Finish.values()) {
                    try (Arena arena = Arena.ofConfined()) {
                        Layer layer =
                                Layer.draw(
                                        arena, random, shape[0], shape[1], shape[2], true, finish);
                        try (PackedLinear linear =
                                        kernels.pack(layer.weights(), precision, finish);
                                PackedLinear other =
                                        three.pack(layer.weights(), precision, finish)) {
                            MemorySegment whole = layer.run(arena, linear);
                            assertThat(layer.run(arena, other).mismatch(whole)).isEqualTo(-1);
                            for (int[] part : new int[][] {{0, 1}, {3, 20}, {60, 64}, {149, 1}}) {
                                MemorySegment own =
                                        part(arena, layer, part[0], part[1]).run(arena, linear);
                                long row = (long) shape[2] * Float.BYTES;
                                assertThat(
                                                own.mismatch(
                                                        whole.asSlice(
                                                                part[0] * row, part[1] * row)))
                                        .as("rows from %d of %s", part[0], finish)
                                        .isEqualTo(-1);
                            }
                        }
                    }
                }
            }
        }
    }

    private static Layer part(Arena arena, Layer layer, int first, int count) {
        long in = (long) layer.weights().in() * Float.BYTES;
        long out = (long) layer.weights().out() * Float.BYTES;
        MemorySegment residual = layer.residual();
        return new Layer(
                layer.weights(),
                layer.finish(),
                count,
                // Copied, so that the address is another one, too.
                arena.allocate(count * in + 4, 4)
                        .asSlice(4)
                        .copyFrom(layer.rows().asSlice(first * in, count * in)),
                residual == null ? null : residual.asSlice(first * out, count * out));
    }

    @Test
    void geluIsThatOfTheErrorFunction() {
        try (Arena arena = Arena.ofConfined()) {
            int count = 4001;
            MemorySegment one = arena.allocate(Float.BYTES, 4);
            one.set(ValueLayout.JAVA_FLOAT, 0, 1);
            MemorySegment rows = arena.allocate((long) count * Float.BYTES, 4);
            for (int i = 0; i < count; i++) {
                rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i - 2000) / 200f);
            }
            Layer layer =
                    new Layer(new LinearWeights(one, null, 1, 1), Finish.GELU, count, rows, null);
            try (PackedLinear linear =
                    kernels.pack(layer.weights(), LinearPrecision.FP32, Finish.GELU)) {
                MemorySegment output = layer.run(arena, linear);
                for (int i = 0; i < count; i++) {
                    assertThat((double) Numbers.at(output, i))
                            .isCloseTo(Numbers.gelu(Numbers.at(rows, i)), within(1e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotANumberStaysInItsRow(LinearPrecision precision) {
        requireAvailable(precision);
        float[] poisons = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (float poison : poisons) {
            try (Arena arena = Arena.ofConfined()) {
                Layer layer = Layer.draw(arena, new Random(SEED), 21, 61, 48, true, Finish.PLAIN);
                layer.rows().setAtIndex(ValueLayout.JAVA_FLOAT, 18 * 61 + 40, poison);
                try (PackedLinear linear = kernels.pack(layer.weights(), precision, Finish.PLAIN)) {
                    MemorySegment output = layer.run(arena, linear);
                    for (int row = 0; row < 21; row++) {
                        for (int column = 0; column < 48; column++) {
                            float number = Numbers.at(output, row * 48L + column);
                            assertThat(Float.isFinite(number)).isEqualTo(row != 18);
                        }
                    }
                }
            }
        }
    }

    @Test
    void threadsMayShareALayer() throws Exception {
        try (Arena arena = Arena.ofShared();
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            Layer layer = Layer.draw(arena, new Random(SEED), 100, 96, 80, true, Finish.GELU);
            try (PackedLinear linear =
                    kernels.pack(layer.weights(), LinearPrecision.FP32, Finish.GELU)) {
                MemorySegment expected = layer.run(arena, linear);
                List<Future<Long>> answers = new ArrayList<>();
                for (int call = 0; call < 40; call++) {
                    int first = call;
                    int count = 100 - 2 * call;
                    answers.add(
                            callers.submit(() -> {
                                try (Arena own = Arena.ofConfined()) {
                                    MemorySegment output =
                                            part(own, layer, first, count).run(own, linear);
                                    return output.mismatch(
                                            expected.asSlice(first * 320L, count * 320L));
                                }
                            }));
                }
                for (Future<Long> answer : answers) {
                    assertThat(answer.get()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void noRowsAreNoWork() {
        try (Arena arena = Arena.ofConfined()) {
            Layer layer = Layer.draw(arena, new Random(SEED), 0, 8, 8, true, Finish.PLAIN);
            try (PackedLinear linear =
                    kernels.pack(layer.weights(), LinearPrecision.FP32, Finish.PLAIN)) {
                assertThat(layer.run(arena, linear).byteSize()).isZero();
            }
        }
    }

    @Test
    void closingTwiceIsHarmlessAndWhatIsClosedRefuses() {
        try (Arena arena = Arena.ofConfined()) {
            Layer layer = Layer.draw(arena, new Random(SEED), 2, 8, 8, true, Finish.PLAIN);
            LinearKernels own = LinearKernels.open(2);
            PackedLinear first = own.pack(layer.weights(), LinearPrecision.FP32, Finish.PLAIN);
            PackedLinear second = own.pack(layer.weights(), LinearPrecision.FP32, Finish.PLAIN);
            first.close();
            first.close();
            assertThatThrownBy(() -> layer.run(arena, first))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("8 to 8")
                    .hasMessageContaining("closed");
            own.close();
            own.close();
            assertThatThrownBy(() -> layer.run(arena, second))
                    .isInstanceOf(IllegalStateException.class);
            second.close();
        }
    }

    @Test
    void wrongSizesAndSharedMemoryAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Layer layer = Layer.draw(arena, new Random(SEED), 2, 8, 8, true, Finish.PLAIN);
            try (PackedLinear linear =
                    kernels.pack(layer.weights(), LinearPrecision.FP32, Finish.PLAIN)) {
                MemorySegment output = arena.allocate(64, 4);
                assertThatThrownBy(() -> linear.apply(layer.rows(), 3, output, null))
                        .hasMessage("rows has 64 bytes; it must have 96 native ones");
                assertThatThrownBy(() -> linear.apply(layer.rows(), 2, layer.rows(), null))
                        .hasMessageContaining("rows and output share memory");
                assertThatThrownBy(() -> linear.apply(layer.rows(), 2, output, output))
                        .hasMessageContaining("a residual is given");
            }
        }
    }

    /** A machine without the instructions says so here instead of failing. */
    private static void requireAvailable(LinearPrecision precision) {
        LinearAvailability found = kernels.availability(precision);
        assumeTrue(found instanceof LinearAvailability.Available, found::toString);
    }
}
