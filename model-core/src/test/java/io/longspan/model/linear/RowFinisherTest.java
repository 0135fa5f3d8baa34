package io.longspan.model.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RowFinisherTest {
    private static final int WIDTH = 331;
    private static final float SCALE = 0.37f;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** A row and what it is finished with. */
    private record Drawn(
            MemorySegment products, MemorySegment bias, @Nullable MemorySegment residual) {
        static Drawn of(Arena arena, Finish finish, long seed) {
            Random random = new Random(seed);
            return new Drawn(
                    Numbers.normal(arena, random, WIDTH, 9),
                    Numbers.normal(arena, random, WIDTH, 1),
                    finish == Finish.ADD ? Numbers.normal(arena, random, WIDTH, 1) : null);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberIsFinishedAsInFloat64(Finish finish) {
        try (Arena arena = Arena.ofConfined()) {
            Drawn drawn = Drawn.of(arena, finish, 11);
            MemorySegment products = drawn.products();
            MemorySegment bias = drawn.bias();
            MemorySegment residual = drawn.residual();
            MemorySegment row = finished(arena, products, finish, bias, residual, WIDTH);
            for (int i = 0; i < WIDTH; i++) {
                double sum = (double) Numbers.at(products, i) * SCALE + Numbers.at(bias, i);
                double expected =
                        switch (finish) {
                            case PLAIN -> sum;
                            case GELU -> Numbers.gelu(sum);
                            case ADD -> residual == null ? sum : sum + Numbers.at(residual, i);
                        };
                assertThat((double) Numbers.at(row, i))
                        .isCloseTo(expected, within(finish == Finish.GELU ? 2e-5 : 3e-6));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNumberIsTheSameAloneAndInAVector(Finish finish) {
        try (Arena arena = Arena.ofConfined()) {
            Drawn drawn = Drawn.of(arena, finish, 12);
            MemorySegment products = drawn.products();
            MemorySegment bias = drawn.bias();
            MemorySegment residual = drawn.residual();
            MemorySegment row = finished(arena, products, finish, bias, residual, WIDTH);
            for (int i = 0; i < WIDTH; i++) {
                long at = (long) i * Float.BYTES;
                MemorySegment one =
                        finished(
                                arena,
                                products.asSlice(at, Float.BYTES),
                                finish,
                                bias.asSlice(at, Float.BYTES),
                                residual == null ? null : residual.asSlice(at, Float.BYTES),
                                1);
                assertThat(Numbers.at(one, 0)).isEqualTo(Numbers.at(row, i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowWithoutAScaleHasNoNumbers(Finish finish) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment row = arena.allocate(WIDTH * (long) Float.BYTES, Float.BYTES);
            MemorySegment residual = finish == Finish.ADD ? row : null;
            new RowFinisher(finish, row).apply(row, 0, WIDTH, Float.NaN, residual);
            for (int i = 0; i < WIDTH; i++) {
                assertThat(Numbers.at(row, i)).isNaN();
            }
        }
    }

    private static MemorySegment finished(
            Arena arena,
            MemorySegment products,
            Finish finish,
            MemorySegment bias,
            @Nullable MemorySegment residual,
            int width) {
        // One number aside, so that nothing is aligned.
        MemorySegment row = arena.allocate((width + 1L) * Float.BYTES, Float.BYTES);
        MemorySegment.copy(products, 0, row, Float.BYTES, (long) width * Float.BYTES);
        MemorySegment added = null;
        if (residual != null) {
            added = arena.allocate((width + 1L) * Float.BYTES, Float.BYTES);
            MemorySegment.copy(residual, 0, added, Float.BYTES, (long) width * Float.BYTES);
        }
        new RowFinisher(finish, bias).apply(row, Float.BYTES, width, SCALE, added);
        MemorySegment copy = arena.allocate((long) width * Float.BYTES, Float.BYTES);
        for (int i = 0; i < width; i++) {
            copy.setAtIndex(ValueLayout.JAVA_FLOAT, i, row.get(FLOAT, (i + 1L) * Float.BYTES));
        }
        return copy;
    }
}
