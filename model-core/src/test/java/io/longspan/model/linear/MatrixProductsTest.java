package io.longspan.model.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MatrixProductsTest {
    private static final long SEED = 20261125;
    private final Random random = new Random(SEED);

    /** The middle case is that of a part of wider matrices. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 0", "37, 50, 29, 5", "64, 96, 48, 0"})
    void everyProductIsThatOfItsNumbers(int rows, int depth, int columns, int gap) {
        System.out.println("seed " + SEED);
        try (LinearKernels kernels = LinearKernels.open(2);
                Arena arena = Arena.ofShared()) {
            MatrixProducts products = kernels.products().orElseThrow();
            Matrix x = matrix(arena, rows, depth, gap);
            Matrix w = matrix(arena, columns, depth, gap);
            Matrix y = matrix(arena, rows, columns, gap);
            products.run(1, (_, _) -> products.applied(x, w, y));
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    double sum = 0;
                    for (int k = 0; k < depth; k++) {
                        sum += (double) at(x, r, k) * at(w, c, k);
                    }
                    assertThat((double) at(y, r, c)).isCloseTo(sum, within(1e-5));
                }
            }
            Matrix back = matrix(arena, rows, depth, gap);
            float before = at(back, rows - 1, 0);
            products.run(1, (_, _) -> products.toInput(y, w, true, back));
            double sum = before;
            for (int c = 0; c < columns; c++) {
                sum += (double) at(y, rows - 1, c) * at(w, c, 0);
            }
            assertThat((double) at(back, rows - 1, 0)).isCloseTo(sum, within(1e-4));
            Matrix slope = matrix(arena, columns, depth, gap);
            float first = at(slope, 0, depth - 1);
            float last = at(slope, columns - 1, depth - 1);
            products.run(1, (_, _) -> products.toWeight(y, x, columns - 1, 1, slope));
            double added = last;
            for (int r = 0; r < rows; r++) {
                added += (double) at(y, r, columns - 1) * at(x, r, depth - 1);
            }
            assertThat((double) at(slope, columns - 1, depth - 1)).isCloseTo(added, within(1e-4));
            if (columns > 1) {
                assertThat(at(slope, 0, depth - 1)).isEqualTo(first);
            }
        }
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        try (LinearKernels kernels = LinearKernels.open(1);
                Arena arena = Arena.ofShared()) {
            MatrixProducts products = kernels.products().orElseThrow();
            Matrix x = matrix(arena, 3, 4, 0);
            assertThatThrownBy(() -> products.applied(x, matrix(arena, 2, 5, 0), x))
                    .hasMessage("sizes 4 and 5 of a product must be equal");
            assertThatThrownBy(() -> new Matrix(x.memory(), 0, 4, 4, 4))
                    .hasMessageContaining("ends at byte 64 lies in 48 bytes");
            assertThatThrownBy(() -> new Matrix(x.memory(), 0, 2, 4, 3))
                    .hasMessageContaining("rows may not overlap");
        }
    }

    @Test
    void thereAreNoneWithoutTheLibrary() {
        try (LinearKernels none = LinearKernels.engineOnly("for a test")) {
            assertThat(none.products()).isEmpty();
        }
    }

    private Matrix matrix(Arena arena, int rows, int columns, int gap) {
        int pitch = columns + gap;
        MemorySegment memory = arena.allocate((long) rows * pitch * Float.BYTES, 64);
        for (long i = 0; i < (long) rows * pitch; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        return new Matrix(memory, 0, rows, columns, pitch);
    }

    private static float at(Matrix matrix, int row, int column) {
        return matrix.memory()
                .get(ValueLayout.JAVA_FLOAT, matrix.at(row) + (long) column * Float.BYTES);
    }
}
