package io.longspan.attention.fused;

import io.longspan.attention.DropoutDraws;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Philox for a vector of queries at a time. Its products of 32 by 32 bits want 64-bit lanes, so the
 * queries of even and of odd lanes are drawn apart and woven together at the end. What lies above
 * the low 32 bits of a lane is garbage until a mask cuts it off. Loaded once per vector width.
 */
final class VectorDraws implements TileDraws {
    private static final VectorSpecies<Float> FLOATS = VectorMaths.species(MethodHandles.lookup());
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Long> LONGS =
            VectorSpecies.of(long.class, FLOATS.vectorShape());
    private static final int V = FLOATS.length();
    private static final long LOW = 0xFFFFFFFFL;
    private static final int HALF = 32;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    @Override
    public int lanes() {
        return V;
    }

    @Override
    public void draw(DropoutDraws draws, int block, int[] rows, int from, int to, int[] words) {
        for (int q = from; q < to; q += V) {
            draw(draws.key(), block, rows, draws.counter2(), draws.counter3(), q, words);
        }
    }

    // No helper that returns a vector: see VectorProducts.
    private static void draw(
            long key, int block, int[] rows, int counter2, int counter3, int q, int[] words) {
        LongVector low = LongVector.broadcast(LONGS, LOW);
        // C2 takes the cheap product of low halves where it sees both factors masked.
        LongVector times0 = LongVector.broadcast(LONGS, MULTIPLIER_0).and(low);
        LongVector times1 = LongVector.broadcast(LONGS, MULTIPLIER_1).and(low);
        LongVector even1 = IntVector.fromArray(INTS, rows, q).reinterpretAsLongs();
        LongVector odd1 = even1.lanewise(VectorOperators.LSHR, HALF);
        LongVector even0 = LongVector.broadcast(LONGS, block);
        LongVector odd0 = even0;
        LongVector even2 = LongVector.broadcast(LONGS, counter2);
        LongVector odd2 = even2;
        LongVector even3 = LongVector.broadcast(LONGS, counter3);
        LongVector odd3 = even3;
        int key0 = (int) key;
        int key1 = (int) (key >>> HALF);
        for (int round = 0; round < ROUNDS; round++) {
            LongVector evenProduct0 = even0.and(low).mul(times0);
            LongVector oddProduct0 = odd0.and(low).mul(times0);
            LongVector evenProduct1 = even2.and(low).mul(times1);
            LongVector oddProduct1 = odd2.and(low).mul(times1);
            even0 =
                    evenProduct1
                            .lanewise(VectorOperators.LSHR, HALF)
                            .lanewise(VectorOperators.XOR, even1)
                            .lanewise(VectorOperators.XOR, key0);
            odd0 =
                    oddProduct1
                            .lanewise(VectorOperators.LSHR, HALF)
                            .lanewise(VectorOperators.XOR, odd1)
                            .lanewise(VectorOperators.XOR, key0);
            even2 =
                    evenProduct0
                            .lanewise(VectorOperators.LSHR, HALF)
                            .lanewise(VectorOperators.XOR, even3)
                            .lanewise(VectorOperators.XOR, key1);
            odd2 =
                    oddProduct0
                            .lanewise(VectorOperators.LSHR, HALF)
                            .lanewise(VectorOperators.XOR, odd3)
                            .lanewise(VectorOperators.XOR, key1);
            even1 = evenProduct1;
            odd1 = oddProduct1;
            even3 = evenProduct0;
            odd3 = oddProduct0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        even0.and(low)
                .or(odd0.lanewise(VectorOperators.LSHL, HALF))
                .reinterpretAsInts()
                .intoArray(words, q);
        even1.and(low)
                .or(odd1.lanewise(VectorOperators.LSHL, HALF))
                .reinterpretAsInts()
                .intoArray(words, Tile.SIZE + q);
        even2.and(low)
                .or(odd2.lanewise(VectorOperators.LSHL, HALF))
                .reinterpretAsInts()
                .intoArray(words, 2 * Tile.SIZE + q);
        even3.and(low)
                .or(odd3.lanewise(VectorOperators.LSHL, HALF))
                .reinterpretAsInts()
                .intoArray(words, 3 * Tile.SIZE + q);
    }

    // Without a mask: the sign of bits - threshold, drawn out, clears the factor.
    @Override
    public void pick(
            DropoutDraws draws, int[] words, int key, int from, int to, float[] factors, int at) {
        int row = ((key >> 1) & (WORDS - 1)) * Tile.SIZE;
        int up = 16 - 16 * (key & 1);
        IntVector kept = IntVector.broadcast(INTS, Float.floatToRawIntBits(draws.keepScale()));
        for (int q = from; q < to; q += V) {
            IntVector dropped =
                    IntVector.fromArray(INTS, words, row + q)
                            .lanewise(VectorOperators.LSHL, up)
                            .lanewise(VectorOperators.LSHR, 16)
                            .sub(draws.threshold())
                            .lanewise(VectorOperators.ASHR, 31);
            kept.lanewise(VectorOperators.AND_NOT, dropped)
                    .reinterpretAsFloats()
                    .intoArray(factors, at + q);
        }
    }

    @Override
    public void multiply(float[] numbers, float[] factors, int count) {
        for (int i = 0; i < count; i += V) {
            FloatVector.fromArray(FLOATS, numbers, i)
                    .mul(FloatVector.fromArray(FLOATS, factors, i))
                    .intoArray(numbers, i);
        }
    }
}
