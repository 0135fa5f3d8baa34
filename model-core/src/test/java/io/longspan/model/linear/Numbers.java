package io.longspan.model.linear;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random layers and their answers in float64, by sums and nothing else. */
final class Numbers {
    private Numbers() {}

    /**
     * A layer with inputs.
     *
     * @param rows [count, in]
     * @param residual [count, out], or null
     */
    record Layer(
            LinearWeights weights,
            Finish finish,
            int count,
            MemorySegment rows,
            @Nullable MemorySegment residual) {
        static Layer draw(
                Arena arena,
                Random random,
                int count,
                int in,
                int out,
                boolean bias,
                Finish finish) {
            return new Layer(
                    new LinearWeights(
                            normal(arena, random, (long) in * out, 0.1),
                            bias ? normal(arena, random, out, 1) : null,
                            out,
                            in),
                    finish,
                    count,
                    normal(arena, random, (long) count * in, 1),
                    finish == Finish.ADD ? normal(arena, random, (long) count * out, 1) : null);
        }

        /** The output of a packed layer, starting from memory full of NaN. */
        MemorySegment run(Arena arena, PackedLinear linear) {
            MemorySegment output = arena.allocate((long) count * linear.out() * Float.BYTES, 4);
            output.fill((byte) 0xff);
            linear.apply(rows, count, output, residual);
            return output;
        }

        /** x Wt + b before what the layer finishes with. */
        double product(int row, int column) {
            double sum = bias(column);
            for (int k = 0; k < weights.in(); k++) {
                sum += input(row, k) * weight(column, k);
            }
            return sum;
        }

        double finished(int row, int column) {
            double product = product(row, column);
            return switch (finish) {
                case PLAIN -> product;
                case GELU -> gelu(product);
                case ADD ->
                        product
                                + at(
                                        Objects.requireNonNull(residual),
                                        (long) row * weights.out() + column);
            };
        }

        /** The sum of magnitudes that rounding errors are relative to. */
        double magnitude(int row, int column) {
            double sum = Math.abs(bias(column)) + Math.abs(finished(row, column));
            for (int k = 0; k < weights.in(); k++) {
                sum += Math.abs(input(row, k) * weight(column, k));
            }
            return sum;
        }

        double input(int row, int k) {
            return at(rows, (long) row * weights.in() + k);
        }

        double weight(int column, int k) {
            return at(weights.weight(), (long) column * weights.in() + k);
        }

        private double bias(int column) {
            MemorySegment bias = weights.bias();
            return bias == null ? 0 : at(bias, column);
        }
    }

    static float at(MemorySegment memory, long index) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    static MemorySegment normal(Arena arena, Random random, long count, double scale) {
        MemorySegment memory = arena.allocate(count * Float.BYTES, 4);
        for (long at = 0; at < count; at++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) (random.nextGaussian() * scale));
        }
        return memory;
    }

    static double gelu(double x) {
        return x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** The error function: its series near zero, a continued fraction far from it. */
    static double erf(double x) {
        double size = Math.abs(x);
        double value;
        if (size < 2.5) {
            double term = size;
            double sum = size;
            for (int n = 1; n < 80; n++) {
                term *= -size * size / n;
                sum += term / (2 * n + 1);
            }
            value = 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = 0;
            for (int n = 60; n > 0; n--) {
                fraction = n / 2.0 / (size + fraction);
            }
            value = 1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction);
        }
        return Math.copySign(value, x);
    }
}
