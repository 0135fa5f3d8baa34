package io.longspan.model.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowQuantizerTest {
    @Test
    void everyCodeIsTheNearestOne() {
        Random random = new Random(7);
        for (int length : new int[] {1, 7, 16, 31, 64, 100, 333}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment row = Numbers.normal(arena, random, length + 1L, 3);
                MemorySegment codes = arena.allocate(length + 2L);
                codes.fill((byte) 99);
                float scale = RowQuantizer.quantize(row, Float.BYTES, length, codes, 1);
                boolean atTheEnd = false;
                for (int at = 0; at < length; at++) {
                    byte code = codes.get(ValueLayout.JAVA_BYTE, 1L + at);
                    double exact = Numbers.at(row, 1L + at) / (double) scale;
                    assertThat(Math.abs(code - exact)).isLessThan(0.5 + 1e-4);
                    atTheEnd |= Math.abs(code) == RowQuantizer.LARGEST;
                }
                assertThat(atTheEnd).isTrue();
                assertThat(codes.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 99);
                assertThat(codes.get(ValueLayout.JAVA_BYTE, 1L + length)).isEqualTo((byte) 99);
            }
        }
    }

    @Test
    void zerosAndTheSmallestNumbersRoundToZero() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment row = arena.allocate(40 * Float.BYTES, 4);
            MemorySegment codes = arena.allocate(40);
            assertThat(RowQuantizer.quantize(row, 0, 40, codes, 0)).isZero();
            row.setAtIndex(ValueLayout.JAVA_FLOAT, 3, Float.MIN_VALUE);
            RowQuantizer.quantize(row, 0, 40, codes, 0);
            assertThat(codes.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void aRowThatIsNotFiniteHasNoScale() {
        try (Arena arena = Arena.ofConfined()) {
            for (int place : new int[] {0, 17, 39}) {
                MemorySegment row = arena.allocate(40 * Float.BYTES, 4);
                row.setAtIndex(ValueLayout.JAVA_FLOAT, place, Float.NEGATIVE_INFINITY);
                MemorySegment codes = arena.allocate(40);
                assertThat(RowQuantizer.quantize(row, 0, 40, codes, 0)).isNaN();
                row.setAtIndex(ValueLayout.JAVA_FLOAT, place, Float.NaN);
                assertThat(RowQuantizer.quantize(row, 0, 40, codes, 0)).isNaN();
            }
        }
    }
}
