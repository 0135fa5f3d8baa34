package io.longspan.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;

/** Prints some products of libtorch, with MKL told or not; a process of its own. */
final class MklProducts {
    private MklProducts() {}

    public static void main(String[] arguments) {
        MklFullSpeed.Outcome outcome = MklFullSpeed.apply(MklFullSpeed.Mode.valueOf(arguments[0]));
        System.out.println(outcome.on() + " " + outcome.reason());
        try (NDManager manager = NDManager.newBaseManager()) {
            Random random = new Random(11);
            NDArray left = manager.create(draw(random, 60 * 500), new Shape(60, 500));
            NDArray right = manager.create(draw(random, 500 * 90), new Shape(500, 90));
            float[] product = left.matMul(right).toFloatArray(); // [60, 90]
            for (int at = 0; at < product.length; at += 18) {
                System.out.println(product[at]);
            }
        }
    }

    private static float[] draw(Random random, int count) {
        float[] numbers = new float[count];
        for (int at = 0; at < count; at++) {
            numbers[at] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
