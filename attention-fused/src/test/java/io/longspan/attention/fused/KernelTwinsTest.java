package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector code in each width against the plain loops. */
final class KernelTwinsTest {
    private final TileMath plain = TileMath.scalar();
    private final Random random = new Random(5);

    @ParameterizedTest
    @ValueSource(ints = {512, 256, 128})
    void productsAgree(int bits) {
        TileMath vector = math(bits);
        float[] a = numbers();
        float[] b = numbers();
        for (int depth : new int[] {1, 3, 17, 64}) {
            for (int columns = vector.lanes(); columns <= Tile.SIZE; columns += vector.lanes()) {
                for (boolean add : new boolean[] {false, true}) {
                    float[] expected = numbers();
                    float[] actual = expected.clone();
                    plain.products().plain(expected, 64, a, 0, b, 0, depth, columns, add);
                    vector.products().plain(actual, 64, a, 0, b, 0, depth, columns, add);
                    near(actual, expected, 1e-4f);
                }
                float[] expected = numbers();
                float[] actual = expected.clone();
                plain.products().transposed(expected, 0, a, 8, b, 0, depth, columns);
                vector.products().transposed(actual, 0, a, 8, b, 0, depth, columns);
                near(actual, expected, 1e-4f);
            }
        }
    }

    /** The compiler may take another order than the interpreter; many calls bring it in. */
    @ParameterizedTest
    @ValueSource(ints = {512, 256, 128})
    void aDotAddsItsLanesInOneOrderHoweverOftenItRan(int bits) {
        TileMath vector = math(bits);
        float[] a = numbers();
        float[] b = numbers();
        int count = 8 * vector.lanes() + 3;
        float[] lanes = new float[vector.lanes()];
        for (int i = 0; i < 8 * lanes.length; i++) {
            lanes[i % lanes.length] = Math.fma(a[i], b[i], lanes[i % lanes.length]);
        }
        float expected = 0;
        for (float lane : lanes) {
            expected += lane;
        }
        for (int i = 8 * lanes.length; i < count; i++) {
            expected += a[i] * b[i];
        }
        for (int call = 0; call < 200_000; call++) {
            assertThat(vector.rows().dot(a, 0, b, 0, count, lanes)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 256, 128})
    void softmaxAgreesAlsoWhenTheTopRises(int bits) {
        TileMath vector = math(bits);
        Running expected = new Running();
        Running actual = new Running();
        expected.reset();
        actual.reset();
        for (float level : new float[] {0, 3, 40, -500}) {
            float[] scores = numbers();
            for (int i = 0; i < scores.length; i++) {
                scores[i] = i % 11 == 0 ? Float.NEGATIVE_INFINITY : 3 * scores[i] + level;
            }
            float[] twin = scores.clone();
            for (int lane = 0; lane < Tile.SIZE; lane += plain.lanes()) {
                plain.rows().softmax(scores, lane, 2, 61, expected, lane);
            }
            for (int lane = 0; lane < Tile.SIZE; lane += vector.lanes()) {
                vector.rows().softmax(twin, lane, 2, 61, actual, lane);
            }
            near(twin, scores, 1e-6f);
            near(actual.sum, expected.sum, 1e-5f);
            assertThat(actual.top).containsExactly(expected.top);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 256, 128})
    void rowsOfAnyLengthAreReadWrittenScaledAndMultiplied(int bits) {
        TileRows vector = math(bits).rows();
        float[] content = numbers();
        MemorySegment memory = MemorySegment.ofArray(content);
        for (int count = 1; count <= Tile.SIZE; count++) {
            float[] read = new float[Tile.SIZE + 2];
            vector.load(memory, 12, read, 1, count, 2);
            for (int i = 0; i < count; i++) {
                assertThat(read[1 + i]).isEqualTo(2 * content[3 + i]);
            }
            assertThat(read[1 + count]).isZero();
            float[] written = new float[Tile.SIZE + 2];
            vector.store(read, 1, count, 0.5f, MemorySegment.ofArray(written), 4);
            assertThat(Arrays.copyOfRange(written, 1, 1 + count))
                    .containsExactly(Arrays.copyOfRange(content, 3, 3 + count));
            assertThat(written[1 + count]).isZero();
            vector.scale(written, 1, count, 3);
            assertThat(written[count]).isEqualTo(3 * content[2 + count]);
            float expected = plain.rows().dot(read, 1, written, 1, count, new float[Tile.SIZE]);
            assertThat(vector.dot(read, 1, written, 1, count, new float[Tile.SIZE]))
                    .isCloseTo(expected, within(1e-4f * (1 + Math.abs(expected))));
        }
    }

    @Test
    void powersOfTwoAreNearAndEndInZero() {
        for (float x = -126; x <= 10; x += 0.0137f) {
            double exact = Math.pow(2, x);
            assertThat(Exp2.of(x) / exact).isCloseTo(1, within(2e-7));
        }
        assertThat(Exp2.of(0)).isEqualTo(1);
        assertThat(Exp2.of(-130)).isZero();
        assertThat(Exp2.of(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(Exp2.of(Float.NaN)).isNaN();
    }

    private static TileMath math(int bits) {
        assumeTrue(bits <= VectorMaths.widest(), "this machine has no vectors that wide");
        return VectorMaths.of(bits);
    }

    private float[] numbers() {
        float[] numbers = new float[Tile.AREA];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static void near(float[] actual, float[] expected, float tolerance) {
        for (int i = 0; i < expected.length; i++) {
            float allowed = tolerance * (1 + Math.abs(expected[i]));
            if (actual[i] != expected[i]) {
                assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(allowed));
            }
        }
    }
}
