package io.longspan.attention.fused;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One backward item's share of what all items of a sequence and head add to: the gradients of
 * global keys and of the offset bias. Kept apart and added up in the order of the items, so that
 * the sum does not depend on who was first.
 */
final class Partial {
    private final int rows;
    private final float[] key;
    private final float[] value;
    private double @Nullable [] bias;

    /** A share of nothing yet, for some globals with heads of some squares. */
    Partial(int globals, int chunks) {
        rows = Tile.up(globals, Tile.SIZE);
        key = new float[chunks * rows * Tile.SIZE];
        value = new float[key.length];
    }

    /** Gradient of the global keys; its panels are laid out as in a {@link Scratch}. */
    float[] key() {
        return key;
    }

    float[] value() {
        return value;
    }

    /** Index of a panel's square: panel by panel, chunk by chunk. */
    static int square(int firstGlobal, int chunk, int chunks) {
        return (firstGlobal / Tile.SIZE * chunks + chunk) * Tile.AREA;
    }

    void setBias(double[] gradient) {
        bias = gradient;
    }

    double[] bias() {
        return Objects.requireNonNull(bias, "the item had no bias");
    }

    /** Adds another share to this one. */
    void add(Partial other) {
        for (int i = 0; i < key.length; i++) {
            key[i] += other.key[i];
            value[i] += other.value[i];
        }
        if (bias != null) {
            double[] more = other.bias();
            Arrays.setAll(bias, i -> bias()[i] + more[i]);
        }
    }

    /** Bytes of one share. */
    static long bytes(FusedPlan plan, Strip strip) {
        long globals = Tile.up(plan.globals(strip.sequence()).length, Tile.SIZE);
        long chunks = Tile.chunks(plan.workload().headSize());
        long columns = plan.pattern().offsetBias() ? (long) strip.left() + strip.right() + 1 : 0;
        return 2 * globals * chunks * Tile.SIZE * Float.BYTES + columns * Double.BYTES;
    }
}
